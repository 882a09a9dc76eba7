import { describe, expect, test } from 'vitest';
import { classifier } from './classify.js';
import { Links } from './links.js';

/** What the packets of a dialogue say: direction, flags of TCP, payload. `>` is sent by the host, `<` by the module. */
function packets(...dialogue: string[]): string[] {
  const classify = classifier();
  const links = new Links();
  const all = dialogue.flatMap((entry) =>
    links.follow(classify({ way: entry.startsWith('>') ? 'sent' : 'received', text: entry.slice(1) })),
  );
  return [...all, ...links.end()].map(({ bytes, direction, comment }) => {
    const isTcp = bytes[9] === 6;
    const flags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'].filter((_, bit) => ((bytes[33] ?? 0) >> bit) & 1);
    const payload = Buffer.from(bytes).toString('latin1', isTcp ? 40 : 28);
    const words = [direction === 'sent' ? '→' : '←', ...(isTcp ? flags : ['UDP']), payload, comment ?? ''];
    return words.filter(Boolean).join(' ');
  });
}

const OPEN = ['>AT+CIPOPEN=0,"TCP","example.com",80\r', '<OK\r\n', '<+CIPOPEN: 0,0\r\n'];
const OPENED = ['→ SYN', '← SYN ACK', '→ ACK'];

describe('a link', () => {
  test('carries what the module has confirmed, and nothing twice (Q-20)', () => {
    const send = (bytes: string, count: number) => [
      `>AT+CIPSEND=0,${bytes.length}\r`,
      '<\r\n>',
      `>${bytes}`,
      '<OK\r\n',
      `<+CIPSEND: 0,${bytes.length},${count}\r\n`,
    ];
    expect(packets(...OPEN, ...send('hello', 3), ...send('lo', 0), ...send('lo', 2))).toEqual([
      ...OPENED,
      '→ PSH ACK hel',
      '→ PSH ACK lo',
    ]);
  });

  test('a send that the module refused carries nothing, and one that was not confirmed is noted', () => {
    const start = ['>AT+CIPSEND=0,2\r', '<\r\n>', '>ab'];
    const refused = [...start, '<+CIPERROR: 4\r\n', '<ERROR\r\n'];
    expect(packets(...OPEN, ...refused)).toEqual(OPENED);
    const next = ['>AT+CIPSEND=0,2\r', '<\r\n>', '>xy', '<+CIPSEND: 0,2,2\r\n'];
    expect(packets(...OPEN, ...refused, ...next)).toEqual([...OPENED, '→ PSH ACK xy']);
    expect(packets(...OPEN, ...start, '<OK\r\n', '<+CIPCLOSE: 0,0\r\n')).toEqual([
      ...OPENED,
      '→ FIN ACK 2 bytes were sent without a confirmation.',
      '← FIN ACK',
      '→ ACK',
    ]);
  });

  test('an ERROR in place of the prompt ends the send: the next entry is a command', () => {
    expect(
      packets(
        ...OPEN,
        '>AT+CIPSEND=0,50\r',
        '<ERROR\r\n',
        '>AT+CIPCLOSE=0\r',
        '<OK\r\n',
        '<+CIPCLOSE: 0,0\r\n',
      ),
    ).toEqual([...OPENED, '→ FIN ACK', '← FIN ACK', '→ ACK']);
  });

  test('a refused connection is a reset', () => {
    expect(packets(...OPEN.slice(0, 2), '<+CIPOPEN: 0,1\r\n')).toEqual([
      '→ SYN',
      '← RST ACK The module reported 1.',
    ]);
  });

  test('payload is never parsed (Q-3e)', () => {
    expect(packets(...OPEN, '<+IPD15\r\n', '<+IPCLOSE: 0,1\r\n', '<+IPCLOSE: 0,1\r\n')).toEqual([
      ...OPENED,
      '← PSH ACK +IPCLOSE: 0,1\r\n',
      '← FIN ACK',
      '→ FIN ACK',
      '← ACK',
    ]);
  });

  test('with buffer access the end comes after what is still read', () => {
    expect(
      packets(
        '>AT+CIPRXGET=1\r',
        ...OPEN,
        '<+IPCLOSE: 0,1\r\n',
        '>AT+CIPRXGET=2,0,1500\r',
        '<+CIPRXGET: 2,0,3,0\r\n',
        '<end',
        '<OK\r\n',
      ),
    ).toEqual([...OPENED, '← PSH ACK end', '← FIN ACK', '→ FIN ACK', '← ACK']);
  });

  test('+IPCLOSE with a time-out of the sender is a reset, also with buffer access', () => {
    expect(packets('>AT+CIPRXGET=1\r', ...OPEN, '<+IPCLOSE: 0,2\r\n')).toEqual([
      ...OPENED,
      '← RST ACK +IPCLOSE: 0,2',
    ]);
  });

  test('hexadecimal digits are the bytes that they stand for', () => {
    expect(packets(...OPEN, '<+CIPRXGET: 3,0,2,0\r\n', '<6869')).toEqual([...OPENED, '← PSH ACK hi']);
  });

  test('the loss of the network breaks all links', () => {
    const line = '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY';
    expect(packets(...OPEN, `<${line}\r\n`)).toEqual([...OPENED, `← RST ACK ${line}`]);
  });

  test('a recording that begins in the middle says so', () => {
    expect(packets('<+RECEIVE,3,2\r\n', '<hi')).toEqual([
      '→ SYN The recording begins in the middle of this connection.',
      '← SYN ACK',
      '→ ACK',
      '← PSH ACK hi',
    ]);
  });
});

test('an accepted client', () => {
  expect(
    packets(
      '>AT+SERVERSTART=7,0\r',
      '<OK\r\n',
      '<+CLIENT: 2,0,10.1.1.1:5000\r\n',
      '<+RECEIVE,2,2\r\n',
      '<hi',
    ),
  ).toEqual(['← SYN', '→ SYN ACK', '← ACK', '← PSH ACK hi']);
});

test('pushed blocks without a number go to the link of their sender (Q-3a)', () => {
  const open = (link: number, host: string) => [
    `>AT+CIPOPEN=${link},"TCP","${host}",80\r`,
    `<+CIPOPEN: ${link},0\r\n`,
  ];
  const classify = classifier();
  const links = new Links();
  const dialogue = [
    ...open(0, '10.0.0.1'),
    ...open(1, '10.0.0.2'),
    '<RECV FROM:10.0.0.2:80\r\n',
    '<+IPD2\r\n',
    '<hi',
  ];
  const [last] = dialogue
    .flatMap((entry) =>
      links.follow(classify({ way: entry.startsWith('>') ? 'sent' : 'received', text: entry.slice(1) })),
    )
    .slice(-1);
  expect(last?.bytes.subarray(12, 16).join('.')).toBe('10.0.0.2');
});

test('a transparent session is one connection from CONNECT to CLOSED, across +++ and ATO', () => {
  expect(
    packets(
      '>AT+CIPOPEN=0,"TCP","10.0.0.1",80\r',
      '<\r\nCONNECT 115200\r\n',
      '>hello\r\nAT+CIPOPEN=1',
      '<\r\nOK\r\n',
      '>+++',
      '<\r\nOK\r\n',
      '>AT+CSQ\r',
      '<+CSQ: 20,99\r\n',
      '>ATO\r',
      '<\r\nCONNECT 115200\r\n',
      '<more',
      '<\r\nCLOSED\r\n',
    ),
  ).toEqual([
    ...OPENED,
    '→ PSH ACK hello\r\nAT+CIPOPEN=1',
    '← PSH ACK \r\nOK\r\n',
    '← PSH ACK more',
    '← FIN ACK',
    '→ FIN ACK',
    '← ACK',
  ]);
});

test('datagrams go to and come from their peers', () => {
  expect(
    packets(
      '>AT+CIPOPEN=1,"UDP",,,5000\r',
      '<+CIPOPEN: 1,0\r\n',
      '>AT+CIPSEND=1,2,"10.0.0.1",53\r',
      '<\r\n>',
      '>hi',
      '<+CIPSEND: 1,2,2\r\n',
      '<RECV FROM:10.0.0.1:53\r\n',
      '<+IPD3\r\n',
      '<you',
    ),
  ).toEqual(['→ UDP hi', '← UDP you']);
});
