/** Lets exchanges and their control listen on ports of this machine. */
import type { CertificateDefect } from '../exchange/fault-schema.js';
import type { Logger } from '../model/logger.js';
import type { Clock } from '../model/runtime.js';
import { hostVenueServer, type HostedServer } from '../runtime/server.js';
import type { ControlledExchanges } from './control-routes.js';
import { CONTROL_BODY_MAX_BYTES, createControlServer } from './control-server.js';
import type { ExchangeParts, GeneralExchange, OpenExchange } from './exchange-parts.js';
import { createDefectiveCertificate, type SelfSigned } from './self-signed.js';
import type { ControlAddress } from './simulate-options.js';

const LOOPBACK = '127.0.0.1';

/** How a venue's exchange is made, whatever the venue. */
export type Open = (options: object, parts: ExchangeParts) => Promise<OpenExchange<object>>;

/** An exchange that listens. */
export interface HostedExchange {
  readonly hosted: HostedServer;
  /** What is said of it to the program that started it, its demo key included. */
  readonly facts: object;
  readonly exchange: GeneralExchange & { readonly addresses: Readonly<Record<string, unknown>> };
}

/** Where one exchange is to listen, and with what. */
interface Place {
  readonly parts: ExchangeParts;
  readonly port: number;
  readonly tls: SelfSigned | undefined;
  readonly logger: Logger | undefined;
}

/** Makes one exchange and lets it listen; nothing is left behind where that fails. */
export async function hostExchange(
  open: Open,
  options: object,
  { parts, port, tls, logger }: Place,
): Promise<HostedExchange> {
  const exchange = await open(options, parts);
  const { clock } = parts;
  const listening = hostVenueServer(exchange.server, { port, clock, tls, logger });
  const hosted = await listening.catch((error: unknown) => {
    exchange.server.close();
    throw error;
  });
  if (tls) followCertificate(exchange, { hosted, good: tls, clock });
  const address = `${LOOPBACK}:${hosted.port}`;
  const facts = exchange.describe({
    port: hosted.port,
    wsUrl: `${tls ? 'wss' : 'ws'}://${address}`,
    httpUrl: `${tls ? 'https' : 'http'}://${address}`,
  });
  const addresses = selectAddresses(facts);
  return { hosted, facts, exchange: Object.assign(exchange, { addresses }) };
}

/** Lets the control listen. */
export async function hostControl(
  { port, address = LOOPBACK }: ControlAddress,
  exchanges: ControlledExchanges,
  parts: { readonly clock: Clock; readonly logger: Logger | undefined },
): Promise<{ readonly hosted: HostedServer; readonly url: string }> {
  const isLocal = /^(127\.|::1$|localhost$)/.test(address);
  const server = createControlServer({ exchanges, isLocal });
  const bodyMaxBytes = CONTROL_BODY_MAX_BYTES;
  const hosted = await hostVenueServer(server, { port, address, bodyMaxBytes, ...parts });
  const hostName = address.includes(':') ? `[${address}]` : address;
  return { hosted, url: `http://${hostName}:${hosted.port}` };
}

/** Of the facts of an exchange those that are no secret. */
function selectAddresses(facts: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name.endsWith('Url')));
}

/** Shows the certificate that the rules want, to those who connect from then on. */
function followCertificate(
  { inForce }: Pick<OpenExchange<object>, 'inForce'>,
  parts: { readonly hosted: HostedServer; readonly good: SelfSigned; readonly clock: Clock },
): void {
  const { hosted, good, clock } = parts;
  const show = (): void => {
    const rule = inForce.rules.find((one) => one.fault === 'tls-certificate');
    const how = rule && (rule as unknown as { readonly how: CertificateDefect }).how;
    const shown = how ? createDefectiveCertificate(how, good, clock.nowMs()) : good;
    hosted.changeCertificate(shown);
  };
  const watch = ({ fault }: { readonly fault: string }): void => {
    if (fault === 'tls-certificate') show();
  };
  inForce.watch({ onAdded: watch, onRemoved: watch });
  for (const rule of inForce.rules) watch(rule);
}
