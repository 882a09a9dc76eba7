import { standing } from '../../src/emulator/gnss/track.js';
import { instant, recorded } from '../../src/emulator/timing.js';
import { type Console, type ConsoleOptions, received as heard, open } from '../console.js';
import { type Effects, OF_SIM7600, restarted } from './effect.js';

const surroundings = { position: standing({ latitude: 52.5219, longitude: 13.4132 }) };
const after =
  (...commands: string[]) =>
  (options: ConsoleOptions) => {
    const console = open({ surroundings, ...options });
    for (const command of commands) console.at(command);
    console.printed();
    return console;
  };
const on = after('+CGNSSPWR=1');
const printing = after('+CGNSSPWR=1', '+CGNSSPORTSWITCH=0,1', '+CGNSSTST=1');
const started = after('+CGPS=1');
const aWhile = (console: Console) => console.wait(5_000);
/** What comes out of the NMEA port. */
const sentences = (console: Console) => {
  let text = '';
  console.module.ports[1]?.subscribe((port) => {
    const seen = heard(port);
    console.wait(1_500);
    text = seen.text;
  });
  return text;
};

/** Positions. */
export const gnssEffects: Effects = {
  '+CGNSSPWR of a76xx': [{ set: '+CGNSSPWR=1', begin: after(), seen: (console) => console.at('+CGPSINFO') }],
  '+CGNSSTST of a76xx': [
    { set: '+CGNSSTST=1', begin: after('+CGNSSPWR=1', '+CGNSSPORTSWITCH=0,1'), seen: aWhile },
  ],
  '+CGNSSPORTSWITCH of a76xx': [
    { set: '+CGNSSPORTSWITCH=0,1', begin: after('+CGNSSPWR=1', '+CGNSSTST=1'), seen: aWhile },
  ],
  '+CGNSSMODE of a76xx': [
    { set: '+CGNSSMODE=1', begin: on, seen: (console) => console.at('+CGNSSINFO') },
    { set: '+CGNSSMODE=2', begin: printing, seen: aWhile },
    { set: '+CGNSSMODE=4', begin: printing, seen: aWhile },
  ],
  '+CGNSSNMEA of a76xx': [{ set: '+CGNSSNMEA=0', begin: printing, seen: aWhile }],
  '+CGPSNMEARATE of a76xx': [{ set: '+CGPSNMEARATE=5', begin: printing, seen: aWhile }],
  '+CGNSSIPR of a76xx': [
    {
      set: '+CGNSSIPR=9600',
      begin: after('+CGNSSPWR=1', '+CGNSSPORTSWITCH=0,1', '+CGNSSTST=1', '+CGPSNMEARATE=10'),
      seen: aWhile,
    },
  ],
  '+CGNSSINFO of a76xx': [{ set: '+CGNSSINFO=2', begin: on, seen: aWhile }],
  '+CGPSINFO of a76xx': [{ set: '+CGPSINFO=2', begin: on, seen: aWhile }],
  '+CGNSSCMD of a76xx': [
    { set: '+CGNSSCMD=0,"$CFGMSG,0,0,0"', begin: printing, seen: aWhile },
    { set: '+CGNSSCMD=0,"$CFGSYS,h10"', begin: printing, seen: aWhile },
    {
      set: '+CGNSSCMD=0,"$RESET,0,h85"',
      options: { timing: { ...instant, gnss: { ...recorded.gnss, start: 0 } } },
      begin: (options) => {
        const console = on(options);
        console.wait(60_000);
        return console;
      },
      seen: (console) => console.at('+CGPSINFO').includes(',,,,,,,,'),
    },
  ],
  '+CGPS of sim7600': [
    { set: '+CGPS=1', options: OF_SIM7600, begin: after(), seen: (console) => console.at('+CGPSINFO') },
    {
      // Assisted by the network, it knows the satellites from the beginning.
      set: '+CGPS=1,2',
      options: { ...OF_SIM7600, timing: { ...instant, gnss: { ...recorded.gnss, start: 0 } } },
      begin: after(),
      seen: (console) => {
        console.at('+CGPS=1,1');
        console.wait(5_000);
        return console.at('+CGPSINFO').includes(',,,,,,,,');
      },
    },
  ],
  '+CGPSINFO of sim7600': [{ set: '+CGPSINFO=2', options: OF_SIM7600, begin: started, seen: aWhile }],
  '+CGNSSINFO of sim7600': [{ set: '+CGNSSINFO=2', options: OF_SIM7600, begin: started, seen: aWhile }],
  '+CGNSSMODE of sim7600': [
    {
      set: '+CGNSSMODE=0',
      options: OF_SIM7600,
      begin: started,
      seen: (console) => console.at('+CGNSSINFO'),
    },
  ],
  '+CGPSNMEARATE of sim7600': [
    {
      set: '+CGPSNMEARATE=1',
      options: { ...OF_SIM7600, ports: ['at', 'nmea'] },
      begin: started,
      seen: sentences,
    },
  ],
  '+CLBS': [{ asks: ['+CLBS=1,1', '+CLBS=4,1'], begin: after() }],
  '+CGPSNMEA of sim7600': [
    {
      set: '+CGPSNMEA=1',
      options: { ...OF_SIM7600, ports: ['at', 'nmea'] },
      begin: after(),
      seen: (console) => {
        console.at('+CGPS=1');
        return sentences(console);
      },
    },
  ],
  '+CGPSINFOCFG of sim7600': [
    { set: '+CGPSINFOCFG=1,31', options: OF_SIM7600, begin: started, seen: aWhile },
    {
      set: '+CGPSINFOCFG=1,1',
      options: OF_SIM7600,
      begin: after('+CGPS=1', '+CGPSINFOCFG=1,31'),
      seen: aWhile,
    },
  ],
  '+CGPSAUTO of sim7600': [
    {
      set: '+CGPSAUTO=1',
      options: OF_SIM7600,
      begin: after(),
      seen: (console) => restarted(console).at('+CGPSINFO'),
    },
  ],
};
