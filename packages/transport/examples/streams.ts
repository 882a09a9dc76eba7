import type { Duplex } from 'node:stream';
import type { ByteLink } from '@a7600/transport';
import { fromDuplex, toDuplex } from '@a7600/transport/node';
import { fromWebStreams, toWebStreams } from '@a7600/transport/web';

/** For everything that takes a Node stream, and the other way round. */
export const nodeStream = (link: ByteLink): Duplex => toDuplex(link);
export const linkOfStream = (stream: Duplex): ByteLink => fromDuplex(stream);

/** The same for web streams. */
export const webStreams = (link: ByteLink) => toWebStreams(link);
export const linkOfStreams = (link: ByteLink): ByteLink => fromWebStreams(toWebStreams(link));
