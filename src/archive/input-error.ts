/** Whether it is the system that could not read or write: a scratched disc, a drive that is gone, a full disk. */
export function inputError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
