// One scenario in a process of its own, so that no other one's garbage or compiled code is in it.

const [name, settings] = process.argv.slice(2);
const { measure } = await import(`./scenarios/${name}.mjs`);
const note = (text) => process.send({ kind: 'note', text });
const groups = await measure({ ...JSON.parse(settings), note });
process.send({ kind: 'groups', groups }, () => process.exit(0));
