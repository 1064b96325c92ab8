import { describe, expect, test } from 'vitest';
import { mountsImages } from '../../src/facts/mounts-images.ts';
import { readAdministrator } from '../../src/facts/read-administrator.ts';
import { readCgroup } from '../../src/facts/read-cgroup.ts';
import { readPrograms, readProxyVariables } from '../../src/facts/read-environment.ts';
import { readFips } from '../../src/facts/read-fips.ts';
import {
  readKernelConfiguration,
  readKernelFileSystems,
  readModules,
  readSettings,
} from '../../src/facts/read-kernel.ts';
import { readCpuCount, readEpochMs, readMemoryBytes } from '../../src/facts/read-numbers.ts';
import { platformOf, readOsRelease } from '../../src/facts/read-os-release.ts';
import { readProcesses } from '../../src/facts/read-processes.ts';
import { readSelinux } from '../../src/facts/read-selinux.ts';
import { readSwaps } from '../../src/facts/read-swaps.ts';
import { readSystemState } from '../../src/facts/read-system-state.ts';
import { readTime } from '../../src/facts/read-time.ts';
import { fapolicyd, isActive, readUnits } from '../../src/facts/read-units.ts';
import { recorded, recordedFields } from './recorded.ts';

describe('the system', () => {
  test.each([
    ['el9-double', 'rocky', '9.6', 'Rocky Linux 9.6 (Blue Onyx)', 'el9/x86_64'],
    ['almalinux9', 'almalinux', '9.6', 'AlmaLinux 9.6 (Sage Margay)', 'el9/x86_64'],
    ['rhel8', 'rhel', '8.10', 'Red Hat Enterprise Linux 8.10 (Ootpa)', 'el8/x86_64'],
    ['ol9', 'ol', '9.5', 'Oracle Linux Server 9.5', 'el9/x86_64'],
    ['centos10', 'centos', '10', 'CentOS Stream 10 (Coughlan)', 'el10/x86_64'],
    ['fedora42', 'fedora', '42', 'Fedora Linux 42 (Server Edition)', null],
    ['leap15', 'opensuse-leap', '15.6', 'openSUSE Leap 15.6', null],
    ['debian12', 'debian', '12', 'Debian GNU/Linux 12 (bookworm)', null],
  ])('of %s is %s %s', (name, id, versionId, prettyName, platform) => {
    const release = readOsRelease(recorded('os-release', name));
    expect(release).toMatchObject({ id, versionId, prettyName });
    expect(platformOf(release, 'x86_64')).toBe(platform);
  });

  test('is read as a shell reads it, and is Linux when nothing says so', () => {
    expect(readOsRelease(`# ID=no\nID='a b'\nPRETTY_NAME="a \\"b\\" \\$c"\nID_LIKE="rhel  fedora"\n`)).toEqual({
      id: 'a b',
      idLike: ['rhel', 'fedora'],
      versionId: '',
      prettyName: 'a "b" $c',
    });
    expect(readOsRelease('')).toEqual({ id: 'linux', idLike: [], versionId: '', prettyName: '' });
  });

  test('has no platform without a plain version and architecture', () => {
    const rhel = { id: 'rhel', idLike: [], versionId: '9', prettyName: '' };
    expect(platformOf(rhel, 'aarch64')).toBe('el9/aarch64');
    expect(platformOf({ ...rhel, versionId: 'nine' }, 'x86_64')).toBeNull();
    expect(platformOf({ ...rhel, versionId: '' }, 'x86_64')).toBeNull();
    expect(platformOf(rhel, 'x86/../64')).toBeNull();
  });

  test('has an init and a state', () => {
    expect(readSystemState(recorded('systemctl-state', 'double'))).toEqual({ systemd: 252, systemState: 'running' });
    expect(readSystemState(recorded('systemctl-state', 'el8'))).toEqual({ systemd: 239, systemState: 'degraded' });
    expect(readSystemState('systemd 255 (255.4)\noffline\n')).toEqual({ systemd: 255, systemState: null });
    expect(readSystemState(null)).toEqual({ systemd: null, systemState: null });
  });

  test('swaps to what /proc/swaps lists', () => {
    expect(readSwaps(recorded('swaps', 'el9'))).toEqual([
      { path: '/dev/dm-1', bytes: 2097148 * 1024 },
      { path: '/var/swap file', bytes: 524284 * 1024 },
    ]);
    expect(readSwaps('Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n')).toEqual([]);
  });

  test('tells whether its clock is right', () => {
    expect(readTime(recorded('timedatectl', 'el9'))).toEqual({ synchronised: true, timeZone: 'Europe/Paris' });
    expect(readTime(recorded('timedatectl', 'double'))).toEqual({ synchronised: false, timeZone: 'Etc/UTC' });
    expect(readTime(null)).toEqual({ synchronised: null, timeZone: null });
    expect(readEpochMs('1795287010841295691\n')).toBe(1795287010841);
    expect(readEpochMs('1795287010N\n')).toBeNull();
  });
});

describe('processors and memory', () => {
  test.each([
    ['0', 1],
    [recorded('cpus', 'linux-6.18'), 2],
    ['0-3,8,10-11\n', 7],
    ['', 0],
    ['3-0', 0],
    ['junk,2', 1],
  ])('%j are %i processors', (text, count) => {
    expect(readCpuCount(text)).toBe(count);
  });

  test('memory is what the kernel has, not what is free', () => {
    expect(readMemoryBytes('MemTotal:        3880680 kB\nMemFree:          215412 kB\n')).toBe(3973816320);
    expect(readMemoryBytes(recorded('meminfo', 'linux-6.18'))).toBe(24684084 * 1024);
    expect(readMemoryBytes('MemFree: 1 kB\n')).toBe(0);
  });
});

describe('the kernel', () => {
  test('has modules that are loaded, built in, or can be loaded', () => {
    const fields = [
      ['overlay', '1', '1', 'insmod /lib/modules/5.14.0-570.el9/kernel/fs/overlayfs/overlay.ko.xz'],
      ['loop', '0', '1', ''],
      ['vxlan', '0', '0', 'builtin vxlan'],
      ['br_netfilter', '0', '0', 'insmod /lib/bridge.ko.xz \ninsmod /lib/br_netfilter.ko.xz '],
      ['sctp', '0', '0', 'install /bin/true '],
      ['isofs', '0', '0', ''],
      ['veth', '0', '0', ''],
    ].flat();
    expect(readModules(fields, 'CONFIG_VETH=y\nCONFIG_ISO9660_FS=m\n')).toEqual({
      overlay: 'loaded',
      loop: 'built-in',
      vxlan: 'built-in',
      br_netfilter: 'loadable',
      sctp: 'missing',
      isofs: 'missing',
      veth: 'built-in',
    });
  });

  test('of the double has what its list of built-in modules says', () => {
    const modules = readModules(recordedFields('modprobe', 'double'), null);
    expect(modules).toMatchObject({ br_netfilter: 'built-in', overlay: 'built-in', isofs: 'missing' });
    expect(mountsImages({ modules, fileSystems: ['ext4', 'xfs'] })).toBe(false);
    expect(mountsImages({ modules, fileSystems: ['ext4', 'iso9660'] })).toBe(true);
  });

  test.each([
    ['loaded', 'loadable', true],
    ['loadable', 'built-in', true],
    ['missing', 'loaded', false],
    ['loaded', 'missing', false],
  ] as const)('with loop %s and isofs %s mounts images: %s', (loop, isofs, expected) => {
    expect(mountsImages({ modules: { loop, isofs }, fileSystems: [] })).toBe(expected);
  });

  test('has settings, of which some may be missing', () => {
    const fields = ['net/ipv4/ip_forward', '1', 'net/ipv4/ip_local_port_range', '32768\t60999'];
    const asked = ['net.ipv4.ip_forward', 'net.ipv4.ip_local_port_range', 'net.bridge.bridge-nf-call-iptables'];
    expect(readSettings(asked, fields)).toEqual({
      'net.ipv4.ip_forward': '1',
      'net.ipv4.ip_local_port_range': '32768 60999',
      'net.bridge.bridge-nf-call-iptables': null,
    });
    const real = readSettings([...asked, 'net.ipv4.ip_local_reserved_ports'], recordedFields('settings', 'linux-6.18'));
    expect(real).toEqual({
      'net.ipv4.ip_forward': '0',
      'net.ipv4.ip_local_port_range': '32768 60999',
      'net.bridge.bridge-nf-call-iptables': null,
      'net.ipv4.ip_local_reserved_ports': '',
    });
  });

  test('tells how it was built, or does not', () => {
    const text = 'CONFIG_MEMCG=y\nCONFIG_OVERLAY_FS=m\n# CONFIG_AUFS_FS is not set\nCONFIG_HZ=1000\n';
    expect(readKernelConfiguration(['MEMCG', 'OVERLAY_FS', 'AUFS_FS', 'HZ'], text)).toEqual({
      MEMCG: 'y',
      OVERLAY_FS: 'm',
      AUFS_FS: 'n',
      HZ: 'y',
    });
    const real = readKernelConfiguration(
      ['MEMCG', 'VXLAN', 'ISO9660_FS'],
      recorded('kernel-configuration', 'linux-6.18'),
    );
    expect(real).toEqual({ MEMCG: 'y', VXLAN: 'y', ISO9660_FS: 'n' });
    expect(readKernelConfiguration(['MEMCG'], null)).toBeNull();
  });

  test('knows file systems, those without a device included', () => {
    const fileSystems = readKernelFileSystems(recorded('filesystems', 'linux-6.18'));
    expect(fileSystems).toHaveLength(recorded('filesystems', 'linux-6.18').trimEnd().split('\n').length);
    expect(fileSystems).toEqual(expect.arrayContaining(['sysfs', 'ext4', 'overlay', 'xfs']));
    expect(fileSystems).not.toContain('iso9660');
  });

  test('has one version of control groups', () => {
    const v1 = recorded('cgroups', 'el8');
    const v2 = recorded('cgroups', 'el9-controllers');
    expect(readCgroup({ type: 'cgroup2fs\n', v1, v2 })).toEqual({
      version: 2,
      controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma', 'misc'],
    });
    const { version, controllers } = readCgroup({ type: 'tmpfs\n', v1, v2: null });
    expect(version).toBe(1);
    expect(controllers).toContain('pids');
    expect(controllers).not.toContain('memory');
    expect(readCgroup({ type: null, v1: null, v2: null })).toEqual({ version: 1, controllers: [] });
  });
});

describe('services and processes', () => {
  const names = ['docker', 'firewalld', 'chronyd', 'kubelet', 'crio', 'nm-cloud-setup'].map(
    (name) => `${name}.service`,
  );

  test('are those that the host knows', () => {
    const units = readUnits(`${names.join('\0')}\0${recorded('systemctl-show', 'el9-docker')}`);
    expect(units).toEqual([
      { name: 'docker.service', active: true, enabled: true },
      { name: 'firewalld.service', active: false, enabled: false },
      { name: 'chronyd.service', active: true, enabled: false },
      { name: 'kubelet.service', active: false, enabled: true },
      { name: 'nm-cloud-setup.service', active: false, enabled: false },
    ]);
    expect(isActive(units, 'docker.service')).toBe(true);
    expect(isActive(units, 'kubelet.service')).toBe(false);
    expect(isActive(units, 'crio.service')).toBe(false);
  });

  test('are told by the double', () => {
    expect(readUnits(recorded('systemctl-show', 'double'))).toEqual([
      { name: 'nftables.service', active: false, enabled: false },
    ]);
  });

  test('are not known when answers do not fit the questions, or there is no systemd', () => {
    expect(readUnits('a.service\0b.service\0LoadState=loaded\nActiveState=active\n')).toEqual([]);
    expect(readUnits(null)).toEqual([]);
  });

  test('have their full name, however much the kernel keeps of it', () => {
    expect(readProcesses(recorded('comm', 'double'))).toEqual([{ name: 'kube-controller-manager', pid: 597 }]);
    expect(readProcesses('/proc/7/comm:containerd-shim\n/proc/8/comm:kubelet-not\n')).toEqual([
      { name: 'containerd-shim-runc-v2', pid: 7 },
    ]);
    expect(readProcesses(null)).toEqual([]);
  });
});

describe('security and people', () => {
  test.each([
    [recorded('selinux', 'enforcing'), 'enforcing'],
    [recorded('selinux', 'permissive'), 'permissive'],
    ['disabled\n', 'disabled'],
    ['', null],
    [null, null],
  ] as const)('SELinux %j is %s', (text, mode) => {
    expect(readSelinux(text)).toBe(mode);
  });

  test.each([
    [recorded('fips', 'on'), true],
    [recorded('fips', 'off'), false],
    ['', false],
    [null, false],
  ])('FIPS mode by %j is %s', (text, on) => {
    expect(readFips(text)).toBe(on);
  });

  test('fapolicyd is a unit like others', () => {
    const units = readUnits(recorded('systemctl-show', 'double-fapolicyd'));
    expect(units).toEqual([{ name: fapolicyd, active: true, enabled: true }]);
    expect(isActive(units, fapolicyd)).toBe(true);
  });

  test('the administrator is who called sudo, or root', () => {
    expect(readAdministrator(['ada:x:1000:1000::/home/ada:/bin/bash', 'ada'])).toEqual({
      name: 'ada',
      group: 'ada',
      home: '/home/ada',
    });
    const root = { name: 'root', group: 'root', home: '/root' };
    expect(readAdministrator(['', 'ada'])).toEqual(root);
    expect(readAdministrator(['ada:x:1000:1000::relative:/bin/sh', 'ada'])).toEqual(root);
    expect(readAdministrator([])).toEqual(root);
  });

  test('variables of proxies are names', () => {
    expect(readProxyVariables('https_proxy\nNO_PROXY\n', ['PATH', 'HTTP_PROXY', 'https_proxy', 'MY_PROXY'])).toEqual([
      'HTTP_PROXY',
      'NO_PROXY',
      'https_proxy',
    ]);
  });

  test('programs that are not there, or that the shell has itself, have no path', () => {
    expect(readPrograms(['tar', '/usr/bin/tar', 'k3s', '', 'umask', 'umask'])).toEqual({ tar: '/usr/bin/tar' });
  });
});
