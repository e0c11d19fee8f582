import { Reader, type ToReader } from './reader.ts';

const reader = new Reader();
self.onmessage = ({ data }: MessageEvent<ToReader>) => postMessage(reader.read(data));
