/** One value of a modem that Home Assistant shows as an entity. */
export interface Entity {
  /** Part of topics and of the unique id. */
  readonly id: string;
  readonly component: 'sensor' | 'binary_sensor';
  readonly name: string;
  /** The field of the state message. */
  readonly field: string;
  /** Whether the value says something while the modem does not answer. */
  readonly survivesOutage: boolean;
  /** Keys of Home Assistant's configuration. */
  readonly config: Readonly<Record<string, string>>;
}

const DIAGNOSTIC = { entity_category: 'diagnostic' };

const bytes = (id: string, name: string): Entity => ({
  id,
  component: 'sensor',
  name,
  field: id,
  survivesOutage: false,
  config: { device_class: 'data_size', unit_of_measurement: 'B', state_class: 'total_increasing' },
});

/** What Home Assistant gets to know about each modem. */
export const ENTITIES: readonly Entity[] = [
  {
    id: 'online',
    component: 'binary_sensor',
    name: 'Online',
    field: 'online',
    survivesOutage: true,
    config: { device_class: 'connectivity', payload_on: 'ON', payload_off: 'OFF' },
  },
  {
    id: 'state',
    component: 'sensor',
    name: 'State',
    field: 'state',
    survivesOutage: true,
    config: DIAGNOSTIC,
  },
  {
    id: 'signal',
    component: 'sensor',
    name: 'Signal strength',
    field: 'signal_dbm',
    survivesOutage: false,
    config: {
      ...DIAGNOSTIC,
      device_class: 'signal_strength',
      unit_of_measurement: 'dBm',
      state_class: 'measurement',
    },
  },
  {
    id: 'operator',
    component: 'sensor',
    name: 'Operator',
    field: 'operator',
    survivesOutage: false,
    config: DIAGNOSTIC,
  },
  {
    id: 'links',
    component: 'sensor',
    name: 'Links in use',
    field: 'links',
    survivesOutage: false,
    config: { ...DIAGNOSTIC, state_class: 'measurement' },
  },
  bytes('sent', 'Bytes sent'),
  bytes('received', 'Bytes received'),
  {
    id: 'last_error',
    component: 'sensor',
    name: 'Last error',
    field: 'last_error',
    survivesOutage: true,
    config: DIAGNOSTIC,
  },
];
