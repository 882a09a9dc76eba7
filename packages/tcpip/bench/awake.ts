// Keeps a processor awake, with a priority that gives way to every other process, until its parent process is done.
process.on('disconnect', () => process.exit());

function turn(): void {
  for (const end = performance.now() + 1; performance.now() < end; );
  setImmediate(turn);
}
turn();
