import { mobileNetwork } from '../../src/networks/mobile/mobile-network.js';
import { type Console, type ConsoleOptions, open, openOnline } from '../console.js';
import { type Effects, OF_SIM7600, restarted } from './effect.js';

const registrationOf = ({ module }: Console) => module.control.state.registration;
const hasBearer = ({ module }: Console) => module.control.state.bearer;
/** What is printed while the registration is away, and when it is back. */
const faded = (console: Console) => {
  console.module.control.loseRegistration(1_000);
  return console.printed() + console.wait(2_000);
};
const withSecondContext = (options: ConsoleOptions) => {
  const console = open(options);
  console.at('+CGDCONT=2,"IP","x"');
  return console;
};
const ACCESS = { surroundings: { access: { user: 'me', password: 'secret' } } };
const asking = (server: string) => (options: ConsoleOptions) => {
  const console = open(options);
  console.at(`+CNTP="${server}",0`);
  return console;
};

/** SIM, registration, operators, PDP contexts, the clock. */
export const mobileEffects: Effects = {
  '+CPIN': [
    {
      set: '+CPIN="1234"',
      options: { surroundings: { sim: 'SIM PIN' } },
      seen: ({ module }) => module.control.state.sim,
    },
  ],
  '+AUTOCSQ': [{ set: '+AUTOCSQ=1,0', seen: (console) => console.wait(6_000) }],
  '+CSQDELTA': [
    {
      set: '+CSQDELTA=1',
      begin: (options) => {
        const console = open(options);
        console.at('+AUTOCSQ=1,1');
        return console;
      },
      seen: (console) => {
        console.module.control.surroundings.rssi -= 1;
        return console.printed();
      },
    },
  ],
  ...Object.fromEntries(
    ['+CREG', '+CGREG', '+CEREG'].map((command) => [
      command,
      [1, 2].map((value) => ({
        set: `${command}=${value}`,
        seen: (console: Console) => {
          console.module.control.surroundings.registration = 5;
          return console.printed();
        },
      })),
    ]),
  ),
  '+CFUN': [{ set: '+CFUN=0', seen: registrationOf }],
  '+COPS': [{ set: '+COPS=3,2', seen: (console) => console.at('+COPS?') }],
  '+CNMP': [{ set: '+CNMP=13', seen: registrationOf }],
  '+WS46': [{ set: '+WS46=12', seen: registrationOf }],
  '+CNSMOD': [{ set: '+CNSMOD=1', seen: faded }],
  '+CGDCONT': [{ set: '+CGDCONT=2,"IP","x"', seen: (console) => console.at('+CGACT=1,2') }],
  '+CGSOCKCONT of sim7600': [
    { set: '+CGSOCKCONT=2,"IP","x"', options: OF_SIM7600, seen: (console) => console.at('+CGACT=1,2') },
  ],
  '+CGACT': [
    { set: '+CGACT=1,2', begin: withSecondContext, seen: (console) => console.at('+CGPADDR') },
    { set: '+CGACT=0,1', seen: hasBearer },
  ],
  '+CGATT': [{ set: '+CGATT=0', seen: hasBearer }],
  '+CGPADDR': [{ asks: ['+CGPADDR=1', '+CGPADDR=2'] }],
  '+CGCONTRDP': [{ asks: ['+CGCONTRDP=1', '+CGCONTRDP=2'] }],
  '+CGAUTH': [{ set: '+CGAUTH=1,1,"secret","me"', options: ACCESS, seen: hasBearer }],
  '+CSOCKAUTH of sim7600': [
    { set: '+CSOCKAUTH=1,1,"me","secret"', options: { ...OF_SIM7600, ...ACCESS }, seen: hasBearer },
  ],
  '+CGEREP': [
    {
      set: '+CGEREP=0',
      begin: openOnline,
      seen: (console) => {
        console.module.control.loseBearer();
        return console.printed();
      },
    },
  ],
  '+CLCK': [{ set: '+CLCK="SC",1,"1234"', seen: (console) => restarted(console).at('+CPIN?') }],
  '+CPWD': [{ set: '+CPWD="SC","1234","4321"', seen: (console) => console.at('+CLCK="SC",1,"1234"') }],
  '+CRSM': [{ asks: ['+CRSM=176,28423,0,0,9', '+CRSM=176,12258,0,0,10'] }],
  '+CSIM': [{ asks: ['+CSIM=10,"A0F2000016"', '+CSIM=10,"00F2000016"'] }],
  '+CPBS': [{ set: '+CPBS="ON"', seen: (console) => console.at('+CPBR=1') }],
  '+CPBW': [{ set: '+CPBW=1,"123",129,"Ann"', seen: (console) => console.at('+CPBR=1') }],
  ...Object.fromEntries(
    [
      ['+CPBR', '+CPBR=1', '+CPBR=2'],
      ['+CPBF', '+CPBF="Ann"', '+CPBF="Bob"'],
    ].map(([command, one, other]) => [
      command,
      [
        {
          asks: [one, other],
          begin: (options: ConsoleOptions) => {
            const console = open(options);
            console.at('+CPBW=1,"123",129,"Ann"');
            return console;
          },
        },
      ],
    ]),
  ),
  '+CSCS': [{ set: '+CSCS="UCS2"', seen: (console) => console.at('+CSPN?') }],
  '+CCLK': [
    {
      set: '+CCLK="30/01/01,13:00:00+00"',
      seen: (console) => {
        const { control } = console.module;
        control.phone('+4930111111').call(control.number).hangUp();
        return console.printed();
      },
    },
  ],
  '+CNTPCID of sim7600': [
    {
      set: '+CNTPCID=2',
      begin: asking('10.0.9.9'),
      options: OF_SIM7600,
      seen: (console) => console.at('+CNTP') + console.wait(20_000),
    },
  ],
  '+CTZU': [
    {
      set: '+CTZU=1',
      seen: (console) => {
        faded(console);
        return console.at('+CCLK?');
      },
    },
  ],
  '+CTZR': [{ set: '+CTZR=1', options: { internet: { mobile: mobileNetwork({ zone: 8 }) } }, seen: faded }],
  '+CUSD': [
    {
      set: '+CUSD=1',
      seen: (console) => {
        const { control } = console.module;
        control.mobile.notify(control.number, { kind: 'notice', text: 'Hello' });
        return console.printed();
      },
    },
  ],
};
