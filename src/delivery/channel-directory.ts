/** Which Slack channel is which team's board. Routing names channels; Slack calls need ids. */
export interface ChannelDirectory {
  /** The board that lives in a Slack channel; null when the channel has none. */
  boardOf(channelId: string): Promise<{ channel: string; channelId: string; team: string } | null>;
  /** Channels (as routing names them) of the teams that a person belongs to; all of them for others. */
  channelsOf(userId: string): Promise<string[]>;
  /** The Slack id of a channel as routing names it; null when Slack knows no such channel. */
  resolve(channel: string): Promise<string | null>;
}
