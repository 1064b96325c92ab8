/** The name of the load balancer before the API servers, and its address and port on the hosts' network. */
export const LOAD_BALANCER = { name: 'api.cluster.example', address: '10.0.0.10', port: 8443 };

/** Addresses of the hosts' two planes; the first is what a host's default route leaves from. */
export const HOST_ADDRESSES = ['10.0.0.11/24', '10.0.0.10/24', '10.0.0.12/24', '10.0.1.11/24'];
