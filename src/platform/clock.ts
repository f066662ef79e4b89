/** Time as an argument: edges hold a Clock, core functions take `now`. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
