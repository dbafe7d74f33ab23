// The process that keeps the key: bytes in, signatures out. Started by own-signer.ts.
import { createKeySigner, parsePrivateKey } from 'truefeed/auth';

const signer = createKeySigner(parsePrivateKey(process.env.COINBASE_KEY_SECRET ?? '').key);

process.on('message', (request: { id: number; bytes: string }) => {
  void Promise.resolve(signer.sign(Buffer.from(request.bytes, 'base64'))).then((signature) => {
    process.send?.({ id: request.id, signature: Buffer.from(signature).toString('base64') });
  });
});
