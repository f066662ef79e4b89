import { useCallback, useEffect, useState } from 'react';

/** What the main column shows: a channel (or the app's messages) by id, or the App Home. */
export type Place = string | 'home';

interface Address {
  as: string | null;
  place: Place | null;
}

function readAddress(): Address {
  const query = new URLSearchParams(location.search);
  return { as: query.get('as'), place: query.get('place') };
}

/** Who I am and where I look live in the address, so that a reload or a test comes back to it. */
export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const [address, setAddress] = useState(readAddress);
  useEffect(() => {
    const onPop = () => setAddress(readAddress());
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  const change = useCallback((wanted: Partial<Address>) => {
    const next = { ...readAddress(), ...wanted };
    const query = new URLSearchParams();
    if (next.as !== null) query.set('as', next.as);
    if (next.place !== null) query.set('place', next.place);
    history.pushState(null, '', `?${query}`);
    setAddress(next);
  }, []);
  return [address, change];
}
