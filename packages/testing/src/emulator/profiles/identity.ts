/** Who a module says it is (protocol 4.1). */
export interface Identity {
  /** `AT+CGMI`. */
  readonly manufacturer: string;
  /** `AT+CGMM`. */
  readonly model: string;
  /** `AT+CGMR`. */
  readonly revision: string;
  /** The second revision line of `AT+SIMCOMATI`, which has no key. */
  readonly build: string;
  /** 15 digits. */
  readonly imei: string;
  /** `AT+SIMCOMATI` ends with `DeviceInfo:` and an empty line, as FASE builds do (protocol 2). */
  readonly deviceInfo: boolean;
  /** `AT+CIMI`, from the SIM. */
  readonly imsi: string;
  /** `AT+CICCID`, from the SIM. */
  readonly iccid: string;
}
