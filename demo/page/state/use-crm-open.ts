import { useState } from 'react';

const WIDE_ENOUGH = '(min-width: 1280px)';

/** The CRM panel starts open where there is room for it beside the messages. */
export function useCrmOpen(): [boolean, (open: boolean) => void] {
  return useState(() => matchMedia(WIDE_ENOUGH).matches);
}
