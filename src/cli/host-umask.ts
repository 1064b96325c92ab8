/**
 * For commands that change a host: what they and the programs that they start make there, folders above a file say, can be read by the users
 * that services run as, whatever umask the caller has. What is for root alone says so itself.
 */
export function setHostUmask(): void {
  process.umask(0o022);
}
