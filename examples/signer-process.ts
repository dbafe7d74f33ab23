// The process that keeps the key: bytes in, signatures out. Started by own-signer.ts.
import { createKeySigner, parsePrivateKey } from 'truefeed/auth';

const signer = createKeySigner(parsePrivateKey(process.env.COINBASE_KEY_SECRET ?? '').key);

interface Request {
  readonly id: number;
  readonly bytes: string;
}

async function answer({ id, bytes }: Request): Promise<void> {
  try {
    const signature = await signer.sign(Buffer.from(bytes, 'base64'));
    process.send?.({ id, signature: Buffer.from(signature).toString('base64') });
  } catch (error) {
    // What went wrong may quote the key: it is told here, and not to those who ask.
    console.error(error);
    process.send?.({ id });
  }
}

process.on('message', (request: Request) => void answer(request));
