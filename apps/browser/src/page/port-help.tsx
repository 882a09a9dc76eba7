/** Which port, and what each system needs. */
export function PortHelp() {
  return (
    <details class="help">
      <summary>Which port, and what to do on Linux, macOS, Windows and Android</summary>
      <p>
        A module on USB has several ports that look alike in the list. Commands go to the third one of an
        SIM7600 and to the last but one of an A7600 or A7670. The doctor says if it is another one.
      </p>
      <dl>
        <dt>Linux</dt>
        <dd>
          Your user must be in the group that owns the port: <code>sudo usermod -aG dialout $USER</code>, then
          log in again. ModemManager takes modem ports by itself:{' '}
          <code>sudo systemctl stop ModemManager</code>. A Chromium from Snap needs{' '}
          <code>sudo snap connect chromium:raw-usb</code>.
        </dd>
        <dt>macOS</dt>
        <dd>
          Modules on USB need no driver where the list shows them as <code>usbmodem</code>. If the list stays
          empty, use the module's UART with a USB adapter.
        </dd>
        <dt>Windows</dt>
        <dd>
          Install SIMCom's USB driver. The port is named "AT Port" in the Device Manager. Close other programs
          that have it open.
        </dd>
        <dt>Android</dt>
        <dd>
          Chrome for Android shows no USB serial ports in most versions. Use a computer, or a recording.
        </dd>
      </dl>
      <p>Another program, or another tab, that has the port open makes opening it fail.</p>
    </details>
  );
}
