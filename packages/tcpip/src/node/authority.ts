const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * The options of `net.connect` for what `createConnection` is called with: options, or a URL and
 * options, as `http2.connect` does it.
 */
export function optionsOf<Options extends object>(first: Options | URL, second?: Options): Options {
  if (!(first instanceof URL)) return first;
  const { protocol, hostname, port } = first;
  const host = hostname.replace(/^\[|\]$/g, '');
  return { ...(second as Options), host, port: Number(port || (DEFAULT_PORTS[protocol] ?? 443)) };
}
