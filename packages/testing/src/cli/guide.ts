/** Where a module can be found. */
export type Place = { readonly path: string; readonly link?: string } | { readonly port: number };

/** How to connect to a module, with the programs that people have. */
export function guide(place: Place, baudRate: number): string {
  const ways = 'path' in place ? serialWays(place.link ?? place.path, baudRate) : tcpWays(place.port);
  return ways.map(([program, text]) => `  ${program.padEnd(9)} ${text}`).join('\n');
}

/** `/dev/pts/4 (./modem)`. */
export function describe(place: Place): string {
  if ('port' in place) return `TCP port ${place.port} of 127.0.0.1`;
  return place.link === undefined ? place.path : `${place.path} (${place.link})`;
}

type Way = readonly [program: string, text: string];

function serialWays(path: string, baudRate: number): Way[] {
  return [
    ['picocom', `picocom --baud ${baudRate} --noreset --nolock ${path}`],
    ['pyserial', `serial.Serial('${path}', ${baudRate}, timeout=1)`],
    ['this SDK', `modem(serial({ path: '${path}', baudRate: ${baudRate} }))`],
  ];
}

function tcpWays(port: number): Way[] {
  return [
    ['picocom', `socat pty,link=modem,rawer tcp:127.0.0.1:${port} & picocom --noreset --nolock modem`],
    ['pyserial', `serial.serial_for_url('socket://127.0.0.1:${port}', timeout=1)`],
    ['this SDK', `modem(tcp({ host: '127.0.0.1', port: ${port} }))`],
  ];
}
