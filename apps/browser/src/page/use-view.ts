import { useEffect, useState } from 'preact/hooks';
import type { Client, View } from './client.js';

/** What the page shows now; the component is drawn again after each change. */
export function useView(client: Client): View {
  const [view, setView] = useState(client.view);
  useEffect(() => client.listen(() => setView(client.view)), [client]);
  return view;
}
