/**
 * Whether the caller is Node's TLS, which waits for the event `connect` of any `net.Socket` that has
 * no handle, also when it has connected long ago: a protocol that switches TLS on later (STARTTLS,
 * PostgreSQL) would wait for ever. Node gives no other sign of who listens.
 */
export function awaitsConnected(): boolean {
  return /\(node:(_tls_wrap|internal\/tls\/wrap):/.test(new Error().stack ?? '');
}
