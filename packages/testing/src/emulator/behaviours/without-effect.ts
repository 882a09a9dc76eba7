/**
 * Commands that are accepted, kept and shown, and that change nothing else, each with the reason. A test
 * goes through all the others that take a value and sees their effect; docs/emulator-commands.md shows
 * this list.
 */
export const withoutEffect: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['S6', 'S7', 'S8', 'S9', 'S10', 'S11'].map((register) => [
      register,
      'It is about dialling data calls (SIM800 AT command manual, 2.2.2), and there are none: `ATD` without a ' +
        'semicolon is answered `NO CARRIER`.',
    ]),
  ),
  L: 'The module has no loudspeaker of its own.',
  M: 'The module has no loudspeaker of its own.',
  '+FCLASS': '0 (data) is the only value.',
  '+CCHMODE': '0 is the only value: the TLS service has no transparent mode here, and 1 is refused.',
  '+CPOL': 'Preferred operators are for choosing among networks; there is one.',
};

/** Single values and fields of the same kind, of commands that otherwise have an effect. */
export const fieldsWithoutEffect: Readonly<Record<string, string>> = {
  '+CIPCCFG, field 3': '0 is the only value.',
  '+CIPCCFG, field 6': 'No source says what asynchronous mode changes.',
  '+CSOC "Mss"': 'The size of segments is seen neither by the host nor by the program at the other end.',
  '+CGNSSPWR, fields 2 to 4': 'How the receiver loads its program changes nothing that is printed.',
  '+CGNSSPORTSWITCH, field 1': 'Reports of positions go where `AT+CATR` sends all reports.',
  '+CGNSSMODE, field 2 (SIM7600)': 'It is about the current that the receiver draws.',
  '+CMQTTSUB and +CMQTTUNSUB, <dup>': 'MQTT 3.1.1 has no such flag in these packets.',
  '+CCFC, <class>': 'Voice is the only service.',
};
