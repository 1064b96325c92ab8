/** A pod on one node that serves a page which names the node, and has the tools to ask others. */
export function probePod({ node, image }: { node: string; image: string }) {
  const serve = `mkdir /tmp/www; echo "probe on ${node}" >/tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `probe-${node}`, labels: { app: `probe-${node}` } },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'probe',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', serve],
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { port: 8080, path: '/' }, periodSeconds: 1 },
        },
      ],
    },
  };
}
