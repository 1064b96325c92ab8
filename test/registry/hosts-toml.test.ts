import { describe, expect, test } from 'vitest';
import { hostsFiles } from '../../src/registry/hosts-toml.ts';
import { tomlString } from '../../src/registry/toml-string.ts';

describe('hostsFiles', () => {
  test('one registry: everything is asked of it, and of nothing else', () => {
    const client = { endpoints: ['https://10.0.0.1:5000'], ca: '/etc/metalk8s/pki/ca.crt' };
    expect(hostsFiles(['registry.k8s.io'], client)).toEqual([
      {
        path: 'registry.k8s.io/hosts.toml',
        content:
          'server = "https://10.0.0.1:5000/v2/registry.k8s.io"\n' +
          'capabilities = ["pull", "resolve"]\n' +
          'override_path = true\n' +
          'ca = "/etc/metalk8s/pki/ca.crt"\n',
      },
    ]);
  });

  test('several registries: in order, the last as the server, so that none is asked twice', () => {
    const client = { endpoints: ['https://10.0.0.1:5000', 'https://10.0.0.2:5000'], ca: '/ca.crt' };
    expect(hostsFiles(['docker.io'], client)[0]?.content).toBe(
      'server = "https://10.0.0.2:5000/v2/docker.io"\n' +
        'capabilities = ["pull", "resolve"]\noverride_path = true\nca = "/ca.crt"\ndial_timeout = "3s"\n\n' +
        '[host."https://10.0.0.1:5000/v2/docker.io"]\n' +
        'capabilities = ["pull", "resolve"]\noverride_path = true\nca = "/ca.crt"\ndial_timeout = "3s"\n',
    );
  });

  test('a port of a host is spelt as containerd spells directories, and as a repository name can hold it', () => {
    const [file] = hostsFiles(['registry.example.com:5000'], { endpoints: ['http://10.0.0.1:5000'], ca: '/ca.crt' });
    expect(file).toEqual({
      path: 'registry.example.com_5000_/hosts.toml',
      content:
        'server = "http://10.0.0.1:5000/v2/registry.example.com_5000"\n' +
        'capabilities = ["pull", "resolve"]\noverride_path = true\n',
    });
  });

  test('each host once, sorted', () => {
    const files = hostsFiles(['quay.io', 'docker.io', 'quay.io'], { endpoints: ['https://10.0.0.1:5000'] });
    expect(files.map(({ path }) => path)).toEqual(['docker.io/hosts.toml', 'quay.io/hosts.toml']);
  });

  test.each([
    ['https://10.0.0.1:5000/'],
    ['https://10.0.0.1:5000/v2'],
    ['10.0.0.1:5000'],
    ['ftp://10.0.0.1'],
    ['https://user@10.0.0.1:5000'],
    ['https://10.0.0.1:5000"\n'],
  ])('%j is refused, since containerd would ignore the file and go to the Internet', (endpoint) => {
    expect(() => hostsFiles(['quay.io'], { endpoints: [endpoint] })).toThrow('is no address of a registry');
  });

  test('no endpoint is refused', () => {
    expect(() => hostsFiles(['quay.io'], { endpoints: [] })).toThrow('no registry that could stand in for quay.io');
  });
});

describe('tomlString', () => {
  test.each([
    ['/etc/ca.crt', '"/etc/ca.crt"'],
    ['a"b', String.raw`"a\"b"`],
    ['a\\b', String.raw`"a\\b"`],
    ['a\nb\tc\rd\be\ff', String.raw`"a\nb\tc\rd\be\ff"`],
    ['\u0000\u001b\u007f', String.raw`"\u0000\u001b\u007f"`],
    ['Zürich 🦭', '"Zürich 🦭"'],
    ['', '""'],
  ])('%j', (text, expected) => {
    expect(tomlString(text)).toBe(expected);
  });

  test('half of a character is refused', () => {
    expect(() => tomlString('\ud800')).toThrow('no text that TOML could hold');
  });
});
