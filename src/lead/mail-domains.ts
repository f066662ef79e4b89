/** Which registrable domains belong to free or throw-away mail. Loaded by an edge: core reads no files. */
export interface MailDomains {
  free: ReadonlySet<string>;
  disposable: ReadonlySet<string>;
}
