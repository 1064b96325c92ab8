/** Why no test makes a check fail on a real host, each with what would have to be there. */
export const unprovoked: Readonly<Record<string, string>> = {
  'kernel-memory-accounting':
    'asks for a kernel of Enterprise Linux 7, or of 8.2 or before; hosts run on the kernel of that machine',
  overlay:
    'asks for a kernel without overlay file systems; hosts run on the kernel of that machine, whose lists of modules tell of it in four places',
  'clock-skew':
    'asks for two machines whose clocks differ; all hosts have the clock of the machine of the tests, and nothing is looked at from afar yet',
  'clock-archive':
    'asks for a clock that is before the date of the archive; all hosts have the clock of the machine of the tests',
  'xfs-ftype':
    'asks for a kernel that mounts XFS of version 4; the readers are given what the real xfs_info tells of such a file system',
};
