import {
  CERTIFICATE_KEY,
  clusterConfiguration,
  initConfiguration,
  joinConfiguration,
  type OracleConfiguration,
} from './configuration.ts';
import { LOAD_BALANCER } from './hosts-network.ts';

const ENDPOINT = `${LOAD_BALANCER.name}:${LOAD_BALANCER.port}`;

/** More than one of everything: the only configuration in which hosts join. */
export const HA_ENDPOINT: OracleConfiguration = {
  name: 'ha-endpoint',
  shows: 'a load balancer as endpoint, further SANs, uploaded certificates; a control plane and two workers join',
  run: ['etcd'],
  hosts: [
    {
      name: 'cp1',
      arguments: ['--upload-certs'],
      documents: [
        initConfiguration({ certificateKey: CERTIFICATE_KEY }),
        clusterConfiguration({
          controlPlaneEndpoint: ENDPOINT,
          apiServer: { certSANs: [LOAD_BALANCER.name, LOAD_BALANCER.address, '192.0.2.10', 'api.example.com'] },
        }),
      ],
    },
    {
      name: 'cp2',
      documents: [
        joinConfiguration(ENDPOINT, {
          controlPlane: { certificateKey: CERTIFICATE_KEY, localAPIEndpoint: { advertiseAddress: '10.0.0.12' } },
        }),
      ],
    },
    { name: 'w1', documents: [joinConfiguration(ENDPOINT)] },
    {
      name: 'w2',
      documents: [
        joinConfiguration(ENDPOINT, {
          nodeRegistration: {
            criSocket: 'unix:///run/other.sock',
            kubeletExtraArgs: [{ name: 'node-labels', value: 'example.com/role=infra' }],
            taints: [{ key: 'example.com/infra', effect: 'NoSchedule' }],
          },
        }),
      ],
    },
  ],
};
