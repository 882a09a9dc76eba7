/**
 * A word that the project does not use for a concept, and the word of docs/glossary.md or of plain English
 * that it uses instead.
 */
export interface Replaced {
  /** Lower case, words separated by one space; a final `s` matches with and without. */
  readonly words: readonly string[];
  readonly use: string;
  /**
   * Where the word is replaced: in `names` (identifiers and files), in `prose` (comments, docs, titles of
   * tests, messages), by default in both.
   */
  readonly where?: 'names' | 'prose';
  /** Only there: paths of files and folders from the root. Everywhere by default. */
  readonly within?: readonly string[];
}

export const replaced: readonly Replaced[] = [
  { words: ['told of', 'told when'], use: 'called with, called when, notified', where: 'prose' },
  { words: ['behind'], use: 'after (or on, below, beyond: where it is)', where: 'prose' },
  { words: ['in front of'], use: 'before', where: 'prose' },
  { words: ['heir', 'heirs'], use: 'successor' },
  { words: ['link owner', 'link owners'], use: 'link handler' },
  { words: ['late receiver', 'read late'], use: 'orphaned read' },
  { words: ['rescue', 'rescues', 'blanks'], use: 'resync payload, padding' },
  { words: ['heads'], use: 'prefix', where: 'names', within: ['packages/at-codec'] },
  { words: ['announces'], use: 'payload length', where: 'names' },
  {
    words: ['counted'],
    use: 'length-prefixed',
    where: 'names',
    within: ['packages/at-codec'],
  },
  { words: ['counted block', 'counted blocks'], use: 'length-prefixed block', where: 'prose' },
  { words: ['piece', 'pieces'], use: 'chunk' },
  { words: ['inlet', 'inlets'], use: 'receive queue' },
  { words: ['flowing'], use: 'has demand', where: 'names' },
  { words: ['withdrawn'], use: 'cancelled' },
  { words: ['polluted', 'tellable'], use: 'misdelivered, distinguishable' },
  { words: ['toss', 'patience'], use: 'send datagram, timeout' },
  { words: ['misfortune', 'misfortunes', 'mishap', 'mishaps'], use: 'fault' },
  { words: ['weather'], use: 'link conditions' },
  { words: ['rung', 'rungs', 'ladder', 'climb', 'climbs'], use: 'recovery level, escalate' },
  { words: ['knob', 'knobs'], use: 'option' },
  { words: ['scenes'], use: 'fixtures', where: 'names' },
  { words: ['rim'], use: 'edge or boundary' },
  { words: ['trouble'], use: 'error, problem' },
  { words: ['throw away', 'throws away', 'thrown away'], use: 'discard', where: 'prose' },
  { words: ['anew'], use: 'again' },
  { words: ['besides'], use: 'also' },
  { words: ['signs of life'], use: 'keep-alive probes', where: 'prose' },
  {
    words: ['nobody', 'somebody', 'whoever'],
    use: 'the actor: caller, peer, module, host, subscriber',
    where: 'prose',
  },
];
