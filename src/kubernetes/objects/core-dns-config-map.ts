import { coreDnsMetadata, METRICS_PORT } from './core-dns-names.ts';
import type { KubeadmObject } from './object-addition.ts';

export const coreDnsConfigMap: KubeadmObject = {
  baseline: ({ dnsDomain }) => {
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: coreDnsMetadata,
      data: { Corefile: corefile(dnsDomain, true) },
    };
  },
  additions: ({ dnsDomain, coreDns: { hostForward } }) =>
    hostForward
      ? []
      : [
          {
            field: ['data', 'Corefile'],
            value: corefile(dnsDomain, false),
            reason: 'the configuration says that hosts have no servers to ask',
          },
        ],
};

function corefile(dnsDomain: string, hostForward: boolean): string {
  const forward = ['    forward . /etc/resolv.conf {', '       max_concurrent 1000', '    }'];
  const lines = [
    '.:53 {',
    '    errors',
    '    health {',
    '       lameduck 5s',
    '    }',
    '    ready',
    `    kubernetes ${dnsDomain} in-addr.arpa ip6.arpa {`,
    '       pods insecure',
    '       fallthrough in-addr.arpa ip6.arpa',
    '       ttl 30',
    '    }',
    `    prometheus :${METRICS_PORT}`,
    ...(hostForward ? forward : []),
    '    cache 30 {',
    `       disable success ${dnsDomain}`,
    `       disable denial ${dnsDomain}`,
    '    }',
    '    loop',
    '    reload',
    '    loadbalance',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}
