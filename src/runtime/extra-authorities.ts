import { lazyNode } from './lazy-node.js';

/** Options of TLS that trust these certificate authorities (PEM) beside those of Node.js. */
export function trustAlso(caPem: string | undefined): { readonly ca?: string[] } {
  return caPem === undefined ? {} : { ca: [...lazyNode.tls.rootCertificates, caPem] };
}
