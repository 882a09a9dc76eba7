import { expect, test } from 'vitest';
import { serverAdvice } from './version.js';

const issues = (version: string) =>
  serverAdvice(version).flatMap((text) => /CVE-\d+-\d+/.exec(text)?.slice(0, 1) ?? [text]);

// The versions are those of https://advisories.nats.io.
test.each([
  ['2.9.10', ['CVE-2023-47090', 'CVE-2025-30215', 'CVE-2026-33217']],
  ['2.9.22', ['CVE-2023-47090', 'CVE-2025-30215', 'CVE-2026-33217']],
  ['2.9.23', ['CVE-2025-30215', 'CVE-2026-33217']],
  ['2.10.1', ['CVE-2023-47090', 'CVE-2025-30215', 'CVE-2026-33217']],
  ['2.10.2', ['CVE-2025-30215', 'CVE-2026-33217']],
  ['2.10.27', ['CVE-2026-33217']],
  ['2.11.0', ['CVE-2025-30215', 'CVE-2026-33217']],
  ['2.11.14', ['CVE-2026-33217']],
  ['2.11.15', []],
  ['2.12.0', ['CVE-2026-33217']],
  ['2.12.6', []],
  ['3.0.0', []],
])('nats-server %s', (version, expected) => {
  expect(issues(version)).toEqual(expected);
});

test('says that a server is too old, or states no version', () => {
  expect(serverAdvice('2.8.4')).toEqual([
    'nats-server 2.8.4 is older than 2.9.0, which the fleet needs. Install a newer one.',
  ]);
  expect(serverAdvice('')).toHaveLength(1);
});
