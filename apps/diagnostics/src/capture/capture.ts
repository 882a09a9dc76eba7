import type { RecordingEntry } from '@a7600/transport/recording';
import { bytesOf, classifier, isRedacted, type Step } from './classify.js';
import { exportedPdu } from './exported-pdu.js';
import { Links } from './links.js';
import { type Direction, enhancedPacket, interfaceDescription, LinkType, sectionHeader } from './pcapng.js';

/** Writes the dialogue with a module as pcapng. */
export interface Capture {
  /** The next entry of the dialogue. */
  add(entry: RecordingEntry): void;
  /** The dialogue has ended. */
  end(): void;
}

const REMOVED = 'Some of these bytes were removed from the recording; a dot stands for each.';
const Interface = { line: 0, links: 1 } as const;

/**
 * Captures a dialogue: on the first interface what passed on the line, for Wireshark's dissector of AT commands, on the
 * second what the module's links carried, as packets made of it.
 *
 * @param startedAt when the dialogue began, in ms since 1970
 * @param write called with the bytes of the file, a block or more at a time
 * @param options `isContinued`: the file has its header already, from another dialogue
 * @returns is given the entries
 */
export function capture(
  startedAt: number,
  write: (bytes: Uint8Array) => void,
  { isContinued = false }: { readonly isContinued?: boolean } = {},
): Capture {
  const classify = classifier();
  const links = new Links();
  /** The line end with which the module begins a line: a part of that line. */
  let begun: RecordingEntry | undefined;
  let last = startedAt;

  const onLine = (at: number, direction: Direction, text: string, dissector: string) => {
    const comment = isRedacted(text) ? REMOVED : undefined;
    const bytes = exportedPdu(dissector, direction, bytesOf(text));
    write(enhancedPacket({ on: Interface.line, at, bytes, direction, comment }));
  };
  const flush = () => {
    if (begun !== undefined) onLine(startedAt + begun.at, 'received', begun.text, 'at');
    begun = undefined;
  };
  const onLinks = (packets: ReturnType<Links['follow']>, isCut: boolean) => {
    for (const { bytes, direction, comment } of packets) {
      const note = comment ?? (isCut ? REMOVED : undefined);
      write(enhancedPacket({ on: Interface.links, at: last, bytes, direction, comment: note }));
    }
  };
  const put = (entry: RecordingEntry, step: Step) => {
    last = startedAt + entry.at;
    if (step.kind === 'line' && begun === undefined && entry.text === '\r\n') {
      begun = entry;
      return;
    }
    const isPayload = step.kind === 'payload';
    if (step.kind !== 'line') flush();
    onLine(last, entry.way, `${begun?.text ?? ''}${entry.text}`, isPayload ? 'data' : 'at');
    begun = undefined;
    onLinks(links.follow(step), isPayload && isRedacted(entry.text));
  };

  if (!isContinued) writeHeader(write);
  return {
    add: (entry) => put(entry, classify(entry)),
    end() {
      flush();
      onLinks(links.end(), false);
    },
  };
}

function writeHeader(write: (bytes: Uint8Array) => void): void {
  write(sectionHeader('a7600'));
  write(interfaceDescription(LinkType.upperPdu, 'line', 'AT commands and answers, as they pass on the line'));
  write(interfaceDescription(LinkType.rawIp, 'links', 'The payload of the links, in packets made for it'));
}
