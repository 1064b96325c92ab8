import type { TestHost } from './host.ts';
import { quote } from './shell-words.ts';
import type { User } from './types.ts';

/** Makes accounts that the network's key opens. */
export async function addUsers(host: Pick<TestHost, 'run'>, users: readonly User[]): Promise<void> {
  if (users.length === 0) return;
  await host.run({ script: users.map(userScript).join('\n') });
}

function userScript({ name, sudo, password }: User): string {
  const user = quote(name);
  const rule = { none: '', free: `${name} ALL=(ALL) NOPASSWD: ALL`, password: `${name} ALL=(ALL) ALL` }[sudo];
  return [
    `useradd --create-home --shell /bin/bash ${user}`,
    `install -d -o ${user} -g ${user} -m 700 /home/${user}/.ssh`,
    `install -o ${user} -g ${user} -m 600 /root/.ssh/authorized_keys /home/${user}/.ssh/authorized_keys`,
    ...(password === undefined ? [] : [`echo ${quote(`${name}:${password}`)} | chpasswd`]),
    ...(rule === '' ? [] : [`echo ${quote(rule)} >/etc/sudoers.d/${user}`, `chmod 440 /etc/sudoers.d/${user}`]),
  ].join('\n');
}
