// Several connections in one process, each with one small book, to see what one more of them holds.
// Nothing but memory is looked at.

/** Opens `count` clients of another module, one after the other. */
export async function openClient({ each, count, ...options }) {
  const { openClient: openOne } = await import(`./${each}.mjs`);
  const clients = [];
  for (let index = 0; index < count; index += 1) clients.push(await openOne(options));
  return {
    reached: () => Promise.resolve(),
    best: () => undefined,
    facts: () => ({ connections: clients.length }),
    close: () => Promise.all(clients.map((client) => client.close())),
  };
}
