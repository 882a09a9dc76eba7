import { ExitCode, UsageError } from '@a7600/diagnostics/exit-code';
import { CommanderError } from 'commander';
import { isFault } from './fault.js';

export { ExitCode, UsageError };

const CODES: Readonly<Record<string, ExitCode>> = {
  INVALID_ARGUMENT: ExitCode.Usage,
  PROTOCOL: ExitCode.Port,
  WRONG_PORT: ExitCode.Port,
  TELNET_SERVER: ExitCode.Port,
  PORT_NOT_FOUND: ExitCode.Port,
  PORT_BUSY: ExitCode.Port,
  PORT_DENIED: ExitCode.Port,
  PORT_FAILED: ExitCode.Port,
  CONNECTION_REFUSED: ExitCode.Port,
  HOST_NOT_FOUND: ExitCode.Port,
  HOST_UNREACHABLE: ExitCode.Port,
  CONNECT_TIMEOUT: ExitCode.Port,
  CONNECT_FAILED: ExitCode.Port,
  TRANSPORT_LOST: ExitCode.Port,
  TRANSPORT_CLOSED: ExitCode.Port,
  UNSUPPORTED: ExitCode.Port,
  MODULE_SILENT: ExitCode.Module,
  MODULE_RESTARTED: ExitCode.Module,
  RESTART_LOOP: ExitCode.Module,
  UNSUPPORTED_MODULE: ExitCode.Module,
  SETTING_REFUSED: ExitCode.Module,
  FRAMING_LOST: ExitCode.Module,
  TIMEOUT: ExitCode.Module,
  NOT_READY: ExitCode.Module,
  WRONG_MODE: ExitCode.Module,
  UNREADABLE_ANSWER: ExitCode.Module,
  SIM_MISSING: ExitCode.Sim,
  SIM_NOT_READY: ExitCode.Sim,
  SIM_LOCKED: ExitCode.Sim,
  PIN_REFUSED: ExitCode.Sim,
  NOT_REGISTERED: ExitCode.Registration,
  REGISTRATION_DENIED: ExitCode.Registration,
  RADIO_OFF: ExitCode.Registration,
  NETWORK_REFUSED: ExitCode.Network,
  NETWORK_LOST: ExitCode.Network,
  NETWORK_CHANGED: ExitCode.Network,
  BEARER_STALLED: ExitCode.Network,
  ADDRESS_REFUSED: ExitCode.Network,
  CHECK_FAILED: ExitCode.Network,
  ENGINE_AWAY: ExitCode.Port,
  AGENT_GONE: ExitCode.Port,
  MODEM_OFFLINE: ExitCode.Network,
  ENETDOWN: ExitCode.Network,
  EINVAL: ExitCode.Usage,
  SERVER_AWAY: ExitCode.Port,
  SERVER_UNTRUSTED: ExitCode.Port,
  SERVER_FAILED: ExitCode.Port,
};

/** The exit code for an error: that of the part which has failed. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof CommanderError) return ExitCode.Usage;
  if (isFault(error)) return ExitCode.Fault;
  // The code says enough: which package made the error need not be loaded for that.
  if (!(error instanceof Error) || !('code' in error)) return ExitCode.Refused;
  return exitCodeOfCode(String(error.code));
}

/** The exit code for the code of an error; without one, something was refused. */
export function exitCodeOfCode(code: string | undefined): ExitCode {
  return CODES[code ?? ''] ?? ExitCode.Refused;
}
