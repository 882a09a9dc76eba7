import { describe, expect, test } from 'vitest';
import { redactLine } from './redact-line.js';

describe('what is public stays as it is', () => {
  test.each([
    'AT\r',
    'ATE0V1\r',
    'AT&D1;+CMEE=2\r',
    'AT+CIPOPEN?\r',
    'AT+CIPOPEN=?\r',
    'AT+CIPSEND=0,1500\r',
    'AT+CIPTIMEOUT=120000,120000,120123\r',
    'ATE0\r\r\n',
    '\r\nOK\r\n',
    '\r\nCONNECT 115200\r\n',
    '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n',
    '+CPIN: SIM PIN\r\n',
    '+CME ERROR: SIM not inserted\r\n',
    '+CME ERROR: 10\r\n',
    '+IP ERROR: Network not opened\r\n',
    '+CIPRXGET: 2,0,7,0\r\n',
    '+CIPTIMEOUT: (3000-120000),(3000-120000),(3000-120000)\r\n',
    '+COPS: 0,2,"26201",7\r\n',
    '+CGEV: EPS PDN ACT 1\r\n',
    '+CMTI: "SM",3\r\n',
    '+RECEIVE,0,7:\r\n',
    '+IPD1460\r\n',
    'Revision: A011B19A7672M7_F\r\n',
    '*ATREADY: 1\r\n',
    '+CDNSGIP: 0,10\r\n',
    '+CMQTTCONNECT: 0,32\r\n',
    '> ',
  ])('%j', (line) => {
    expect(redactLine(line)).toBe(line);
  });
});

describe('all else is removed, and keeps its length', () => {
  test.each([
    ['AT+CIPOPEN=0,"TCP","example.com",80\r', 'AT+CIPOPEN=0,"TCP","███████████",80\r'],
    ['at+cpin = "4321"\r', 'at+cpin = "████"\r'],
    ['AT+CMEE=2;+CPIN="43;21"\r', 'AT+CMEE=2;+CPIN="█████"\r'],
    ['ATE0+CPIN=4321\r', 'ATE0+CPIN=████\r'],
    ['AT+CPIN="4321\r', 'AT+CPIN=█████\r'],
    ['T+CPIN="4321"\r\r\n', '█████████████\r\r\n'],
    ['ATD+491701234567;\r', 'ATD██████████████\r'],
    ['ATHUNTER2\r', 'AT███████\r'],
    ['AT+HUNTER2\r', 'AT████████\r'],
    ['AT+CIPSEND=0,491701234567\r', 'AT+CIPSEND=0,████████████\r'],
    ['+CSQ: 482716\r\n', '+CSQ: ██████\r\n'],
    ['AT+CIPTIMEOUT=12345678\r', 'AT+CIPTIMEOUT=████████\r'],
    ['+CREG: 2,1,"1A2B","0123ABCD",7\r\n', '+CREG: 2,1,"████","████████",█\r\n'],
    ['+CLIENT: 0,1,10.0.0.1:5000\r\n', '+CLIENT: 0,1,█████████████\r\n'],
    ['+CME ERROR: hunter2\r\n', '+CME ERROR: ███████\r\n'],
    ['+CDNSGIP: 1,"10","10.0.0.1"\r\n', '+CDNSGIP: 1,"██","████████"\r\n'],
    [
      '+CPSI: LTE,Online,460-11,0x5A1E,187214780,257,EUTRAN-BAND3,1850,5\r\n',
      '+CPSI: LTE,Online,██████,██████,█████████,███,EUTRAN-BAND3,████,█\r\n',
    ],
    ['RECV FROM:10.0.0.1:80\r\n', 'RECV FROM:███████████\r\n'],
    ['+HUNTER2: 1\r\n', '███████████\r\n'],
    ['862636050000019\r\n', '███████████████\r\n'],
    ['IMEI: 862636050000019\r\n', '█████████████████████\r\n'],
    ['two\nlines OK', '████████████'],
    ['Revision: 862636050000019\r\n', '█████████████████████████\r\n'],
    ['Model: 49171234\r\n', '███████████████\r\n'],
  ])('%j', (line, shown) => {
    expect(redactLine(line)).toBe(shown);
  });
});
