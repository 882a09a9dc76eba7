import { expect, test } from 'vitest';
import { ERROR, OK, open, unit } from '../../../test/console.js';

// AT command manual V1.09, 12 and 13.

test('folders and files, which a restart keeps', () => {
  const console = open();
  expect(console.at('+FSCD?')).toBe(unit('+FSCD: C:/') + OK);
  expect(console.at('+FSMKDIR=SIMTech')).toBe(OK);
  expect(console.at('+FSMKDIR=SIMTech')).toBe(ERROR);
  console.at('+CFTRANRX="c:/t1.txt",11');
  expect(console.type('Testcontent')).toBe(OK);
  console.at('+CFTRANRX="C:/SIMTech/t2.txt",2');
  console.type('ab');
  console.module.control.restart();
  console.at('E0');
  expect(console.at('+FSLS')).toBe(unit('+FSLS: SUBDIRECTORIES:', 'SIMTech', '+FSLS: FILES:', 't1.txt') + OK);
  expect(console.at('+FSLS=2')).toBe(unit('+FSLS: FILES:', 't1.txt') + OK);
  expect(console.at('+FSLS?')).toBe(unit('+FSLS: SUBDIRECTORIES:1,FILES:1') + OK);
  expect(console.at('+FSRMDIR=SIMTech')).toBe(ERROR);
  expect(console.at('+FSCD=SIMTech')).toBe(unit('+FSCD: C:/SIMTech/') + OK);
  expect(console.at('+FSATTRI=t2.txt')).toBe(unit('+FSATTRI: 2') + OK);
  expect(console.at('+FSDEL=*.*')).toBe(OK);
  expect(console.at('+FSCD=..')).toBe(unit('+FSCD: C:/') + OK);
  expect(console.at('+FSRMDIR=SIMTech')).toBe(OK);
  expect(console.at('+FSMEM')).toBe(unit('+FSMEM: C:(11348480,11)') + OK);
  expect(console.at('+FSCD=D:')).toBe(ERROR);
});

test('files are read whole, in part, and in chunks', () => {
  const console = open();
  console.at('+CFTRANRX="c:/t1.txt",11');
  console.type('Testcontent');
  expect(console.at('+CFTRANTX="c:/t1.txt"')).toBe(
    unit('+CFTRANTX: DATA,11', 'Testcontent', '+CFTRANTX: 0') + OK,
  );
  expect(console.at('+CFTRANTX="c:/t1.txt",1,4')).toBe(
    unit('+CFTRANTX: DATA,4', 'estc', '+CFTRANTX: 0') + OK,
  );
  console.at('+CFTRANRX="c:/long",1500');
  console.type('x'.repeat(1500));
  expect(console.at('+CFTRANTX="c:/long"').match(/DATA,\d+/g)).toEqual(['DATA,1024', 'DATA,476']);
  expect(console.at('+CFTRANTX="c:/none"')).toBe(ERROR);
});
