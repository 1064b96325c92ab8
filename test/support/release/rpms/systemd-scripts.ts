import type { PackageScripts } from './package.ts';

/**
 * What the scripts of a package with a systemd unit do on Enterprise Linux: the unit gets its preset state when it is
 * first installed, and is stopped and disabled when the package goes. With `restarts`, an upgrade restarts a running unit.
 */
export function systemdScripts(
  unit: string,
  { restarts }: { readonly restarts: boolean },
): Required<Omit<PackageScripts, 'pre'>> {
  const after = restarts ? `\n  if [ $1 -ge 1 ]; then systemctl try-restart ${unit} || :; fi` : '';
  return {
    post: `if [ $1 -eq 1 ] && command -v systemctl >/dev/null; then
  systemctl --no-reload preset ${unit} || :
fi
${whenRunning('systemctl daemon-reload || :')}`,
    preun: `if [ $1 -eq 0 ] && command -v systemctl >/dev/null; then
  systemctl --no-reload disable ${unit} || :
  if [ -d /run/systemd/system ]; then systemctl stop ${unit} || :; fi
fi`,
    postun: whenRunning(`systemctl daemon-reload || :${after}`),
  };
}

/** Scripts also run in trees that no systemd runs in, such as an image that is being made. */
function whenRunning(script: string): string {
  return `if [ -d /run/systemd/system ]; then
  ${script}
fi`;
}
