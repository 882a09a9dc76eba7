import fc from 'fast-check';
import {
  cipCcfg,
  cipCfg,
  cipHead,
  cipMode,
  cipSendMode,
  cipSrip,
  cipTimeout,
  ctcpKa,
} from '../../src/commands/socket-settings.js';
import { type AnyForm, form, int, none, ok, plainForm, says, testForm, toggleForms } from './form.js';

const ms = int(3_000, 120_000);
const bit = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));

export const settingForms: readonly AnyForm[] = [
  ...toggleForms('cipHead', '+CIPHEAD', 'on', cipHead, cipHead.read),
  testForm('cipHead', '+CIPHEAD', cipHead.test),
  plainForm('cipHead', 'execute', 'AT+CIPHEAD', cipHead.execute),
  ...toggleForms('cipSrip', '+CIPSRIP', 'on', cipSrip, cipSrip.read),
  testForm('cipSrip', '+CIPSRIP', cipSrip.test),
  plainForm('cipSrip', 'execute', 'AT+CIPSRIP', cipSrip.execute),
  ...toggleForms('cipMode', '+CIPMODE', 'transparent', cipMode, cipMode.read),
  testForm('cipMode', '+CIPMODE', cipMode.test),
  plainForm('cipMode', 'execute', 'AT+CIPMODE', cipMode.execute),
  ...toggleForms('cipSendMode', '+CIPSENDMODE', 'acknowledged', cipSendMode, cipSendMode.read),
  testForm('cipSendMode', '+CIPSENDMODE', cipSendMode.test),
  form({
    family: 'cipTimeout',
    form: 'main',
    args: fc.record({ netOpen: ms, cipOpen: ms, cipSend: ms }, { requiredKeys: [] }),
    make: cipTimeout,
    written: ({ netOpen, cipOpen, cipSend }) => [netOpen, cipOpen, cipSend],
    reply: ok,
  }),
  form({
    family: 'cipTimeout',
    form: 'read',
    args: none,
    make: cipTimeout.read,
    written: 'AT+CIPTIMEOUT?',
    reply: () =>
      fc
        .record({ netOpen: ms, cipOpen: ms, cipSend: ms })
        .map((value) => says(value, `+CIPTIMEOUT: ${value.netOpen},${value.cipOpen},${value.cipSend}`)),
  }),
  form({
    family: 'cipCcfg',
    form: 'main',
    args: fc.record(
      {
        retries: int(0, 10),
        pushDelay: int(0, 1_000),
        errorsInWords: fc.boolean(),
        linkInHeader: fc.boolean(),
        retransmission: int(500, 120_000),
        datagrams: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    make: cipCcfg,
    written: (args) => [
      args.retries,
      args.pushDelay,
      args.pushDelay === undefined ? undefined : 0,
      bit(args.errorsInWords),
      bit(args.linkInHeader),
      args.pushDelay === undefined ? undefined : 0,
      args.retransmission,
      bit(args.datagrams),
    ],
    reply: ok,
  }),
  form({
    family: 'cipCcfg',
    form: 'read',
    args: none,
    make: cipCcfg.read,
    written: 'AT+CIPCCFG?',
    reply: () =>
      fc
        .record(
          {
            retries: int(0, 10),
            pushDelay: int(0, 1_000),
            errorsInWords: fc.boolean(),
            linkInHeader: fc.boolean(),
            retransmission: int(500, 120_000),
            datagrams: fc.boolean(),
          },
          { requiredKeys: ['retries', 'pushDelay', 'errorsInWords', 'linkInHeader', 'retransmission'] },
        )
        .map((value) => {
          const fields = [
            value.retries,
            value.pushDelay,
            0,
            Number(value.errorsInWords),
            Number(value.linkInHeader),
            0,
            value.retransmission,
            ...(value.datagrams === undefined ? [] : [Number(value.datagrams)]),
          ];
          return says(value, `+CIPCCFG: ${fields.join(',')}`);
        }),
  }),
  testForm('cipCcfg', '+CIPCCFG', cipCcfg.test),
  plainForm('cipCcfg', 'execute', 'AT+CIPCCFG', cipCcfg.execute),
  form({
    family: 'cipCfg',
    form: 'main',
    args: fc.record({ collect: int(5, 1_000) }),
    make: cipCfg,
    written: ({ collect }) => ['"transwaittm"', collect],
    reply: ok,
  }),
  form({
    family: 'cipCfg',
    form: 'echo',
    args: fc.record({ on: fc.boolean() }),
    make: cipCfg.echo,
    written: ({ on }) => ['"DATAECHO"', on ? 'ON' : 'OFF'],
    reply: ok,
  }),
  testForm('cipCfg', '+CIPCFG', cipCfg.test),
  form({
    family: 'ctcpKa',
    form: 'main',
    args: fc.record(
      { on: fc.boolean(), idle: int(1, 120), count: int(1, 10), interval: int(1, 100) },
      { requiredKeys: ['on', 'idle', 'count'] },
    ),
    make: ctcpKa,
    written: ({ on, idle, count, interval }) => [Number(on), idle, count, interval],
    reply: ok,
  }),
  form({
    family: 'ctcpKa',
    form: 'read',
    args: none,
    make: ctcpKa.read,
    written: 'AT+CTCPKA?',
    reply: () =>
      fc
        .record({ on: fc.boolean(), idle: int(1, 120), count: int(1, 10), interval: int(1, 100) })
        .map((value) =>
          says(value, `+CTCPKA: ${Number(value.on)},${value.idle},${value.count},${value.interval}`),
        ),
  }),
  testForm('ctcpKa', '+CTCPKA', ctcpKa.test),
];
