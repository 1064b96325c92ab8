import { expect, it } from 'vitest';
import { endpointHost, endpointUrl } from '../../../src/kubernetes/pki/pki-node.ts';

it.each([
  ['10.0.0.10', '10.0.0.10', 'https://10.0.0.10:6443'],
  ['10.0.0.10:8443', '10.0.0.10', 'https://10.0.0.10:8443'],
  ['api.example.com', 'api.example.com', 'https://api.example.com:6443'],
  ['api.example.com:443', 'api.example.com', 'https://api.example.com:443'],
  ['[fd00::1]:7443', 'fd00::1', 'https://[fd00::1]:7443'],
  ['fd00::1', 'fd00::1', 'https://[fd00::1]:6443'],
])('%s has host %s and is reached at %s', (endpoint, host, url) => {
  expect(endpointHost(endpoint)).toBe(host);
  expect(endpointUrl(endpoint)).toBe(url);
});
