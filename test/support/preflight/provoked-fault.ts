/** Something made wrong on a real host, by a bash script there, and the checks that have to find it. */
export interface ProvokedFault {
  readonly how: string;
  readonly checks: readonly string[];
  readonly script: string;
}
