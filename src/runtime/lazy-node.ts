/**
 * Modules of Node.js that are loaded with their first use. To load them takes a quarter of the time
 * that it takes to import this package, also for those who only read a book or ask for help.
 */
export const lazyNode = {
  get crypto() {
    return process.getBuiltinModule('node:crypto');
  },
  get http() {
    return process.getBuiltinModule('node:http');
  },
  get https() {
    return process.getBuiltinModule('node:https');
  },
  get net() {
    return process.getBuiltinModule('node:net');
  },
  get tls() {
    return process.getBuiltinModule('node:tls');
  },
} as const;
