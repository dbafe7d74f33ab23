import type { ChannelName, ChannelRule } from '../model/venue.js';

/** One channel of one symbol (or of none), to be put on a socket. */
export interface PlacedStream {
  readonly key: string;
  readonly symbol: string | undefined;
  readonly rule: ChannelRule;
}

/** What one socket carries. `endpoints` are those that serve all of it, the preferred one first. */
export interface SocketPlan {
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly private: boolean;
  /** Takes no further streams: it holds one that kept failing among others, or ended for good. */
  readonly isolated: boolean;
  readonly streams: readonly PlacedStream[];
}

/** Which stream goes on which socket. */
export interface Placement {
  readonly sockets: readonly SocketPlan[];
  /** Symbols a socket takes of a channel, as the venue's refusals taught us. */
  readonly learnedCaps: ReadonlyMap<ChannelName, number>;
  /** Sockets named so far; a name is never used again. */
  readonly namesGiven: number;
}

/** Where a stream must not, or must, go. */
export interface PlacementWish {
  readonly avoid?: readonly string[];
  readonly isolated?: boolean;
}

/** Nothing placed yet. */
export const EMPTY_PLACEMENT: Placement = {
  sockets: [],
  learnedCaps: new Map(),
  namesGiven: 0,
};

function capOf(placement: Placement, rule: ChannelRule): number {
  return placement.learnedCaps.get(rule.name) ?? rule.maxSymbolsPerSocket ?? Infinity;
}

function countChannel(socket: SocketPlan, channel: ChannelName): number {
  return socket.streams.filter((stream) => stream.rule.name === channel).length;
}

function isKin(socket: SocketPlan, rule: ChannelRule): boolean {
  // Private channels keep a socket of their own: venues allow one per user, and what goes wrong
  // with public data must not touch it.
  return socket.private === rule.private && socket.endpoints[0] === rule.endpoints[0];
}

function chooseSocket(
  placement: Placement,
  stream: PlacedStream,
  wish: PlacementWish,
): SocketPlan | undefined {
  const { rule } = stream;
  const free = placement.sockets.filter(
    (socket) =>
      !socket.isolated &&
      isKin(socket, rule) &&
      !(wish.avoid ?? []).includes(socket.name) &&
      countChannel(socket, rule.name) < capOf(placement, rule),
  );
  const withSameSymbol = free.find(
    (socket) =>
      stream.symbol !== undefined &&
      socket.streams.some((placed) => placed.symbol === stream.symbol),
  );
  return withSameSymbol ?? free[0];
}

function openSocket(placement: Placement, stream: PlacedStream, isolated: boolean): Placement {
  const { rule } = stream;
  const number = placement.namesGiven + 1;
  const socket: SocketPlan = {
    name: `${rule.endpoints[0] ?? 'socket'}-${number}`,
    endpoints: rule.endpoints,
    private: rule.private,
    isolated,
    streams: [stream],
  };
  return { ...placement, sockets: [...placement.sockets, socket], namesGiven: number };
}

/**
 * Puts one stream on a socket that has room for it, by preference beside the same symbol's other
 * channels, else on a new one. Streams already placed never move.
 */
function placeStream(
  placement: Placement,
  stream: PlacedStream,
  wish: PlacementWish = {},
): Placement {
  const isolated = wish.isolated ?? false;
  const chosen = isolated ? undefined : chooseSocket(placement, stream, wish);
  if (!chosen) return openSocket(placement, stream, isolated);
  const endpoints = chosen.endpoints.filter((name) => stream.rule.endpoints.includes(name));
  const grown = { ...chosen, endpoints, streams: [...chosen.streams, stream] };
  return {
    ...placement,
    sockets: placement.sockets.map((socket) => (socket === chosen ? grown : socket)),
  };
}

/** Places several; those with a limit per socket first, so that the others can follow them. */
export function placeStreams(placement: Placement, streams: readonly PlacedStream[]): Placement {
  const isLimited = (stream: PlacedStream): boolean => capOf(placement, stream.rule) !== Infinity;
  const ordered = [...streams.filter(isLimited), ...streams.filter((stream) => !isLimited(stream))];
  return ordered.reduce((grown, stream) => placeStream(grown, stream), placement);
}

/** Takes a stream off its socket; a socket without streams is gone. */
export function removeStream(placement: Placement, key: string): Placement {
  const sockets = placement.sockets
    .map((socket) => {
      const streams = socket.streams.filter((stream) => stream.key !== key);
      return streams.length === socket.streams.length ? socket : { ...socket, streams };
    })
    .filter((socket) => socket.streams.length > 0);
  return { ...placement, sockets };
}

/** The socket that carries a stream. */
export function findSocket(placement: Placement, key: string): SocketPlan | undefined {
  return placement.sockets.find((socket) => socket.streams.some((stream) => stream.key === key));
}

/** What a socket of this channel takes, judged by what it holds beside the refused. */
function learnCap(held: number, refused: number): number {
  // Where the whole of a first request was refused, nothing says how much would have been taken.
  return held > 0 ? held : Math.max(1, Math.floor(refused / 2));
}

/**
 * The venue refused streams because their socket is full: what the socket holds without them is
 * what a socket takes, and they go elsewhere. `isHeld` says which of the others the venue accepted.
 */
export function moveRefusedStreams(
  placement: Placement,
  keys: ReadonlySet<string>,
  isHeld: (key: string) => boolean,
): Placement {
  let moved = placement;
  for (const socket of placement.sockets) {
    const refused = socket.streams.filter((stream) => keys.has(stream.key));
    const learnedCaps = new Map(moved.learnedCaps);
    for (const { rule } of refused) {
      const kin = socket.streams.filter((stream) => stream.rule.name === rule.name);
      const held = kin.filter((stream) => !keys.has(stream.key) && isHeld(stream.key)).length;
      const cap = learnCap(held, kin.filter((stream) => keys.has(stream.key)).length);
      learnedCaps.set(rule.name, Math.min(capOf(moved, rule), cap));
    }
    moved = { ...moved, learnedCaps };
    for (const { key } of refused) moved = removeStream(moved, key);
    for (const stream of refused) moved = placeStream(moved, stream, { avoid: [socket.name] });
  }
  return moved;
}

/** A socket that ended for good takes no further streams. */
export function retireSocket(placement: Placement, name: string): Placement {
  const retire = (socket: SocketPlan): SocketPlan =>
    socket.name === name ? { ...socket, isolated: true } : socket;
  return { ...placement, sockets: placement.sockets.map(retire) };
}

/** Gives a stream that keeps failing a socket of its own, so that its recovery costs no other. */
export function isolateStream(placement: Placement, key: string): Placement {
  const stream = findSocket(placement, key)?.streams.find((placed) => placed.key === key);
  if (!stream) return placement;
  return placeStream(removeStream(placement, key), stream, { isolated: true });
}
