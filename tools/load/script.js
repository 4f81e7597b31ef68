// What one person does, as many times a second as RATE says: upload PICTURE, watch
// its events until the photo is ready, delete it. tools/load runs this with k6 and
// judges what the server says of itself; what is counted here is the clients' view.
//
// The service is at BASE. Each upload comes from a client address of its own, by
// X-Forwarded-For, so that limits for one client don't turn a crowd away.
import http from 'k6/http';
import exec from 'k6/execution';
import { sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

const base = __ENV.BASE;
const picture = open(__ENV.PICTURE, 'b');
const rate = Number(__ENV.RATE);
const grace = Number(__ENV.GRACE_SECONDS); // for photos that wait when the last upload is in

const accepted = new Counter('accepted');
const refused = new Counter('refused'); // "come back later", with the time when
const ready = new Counter('ready');
const erased = new Counter('erased');
const errors = new Counter('errors');
const acceptedTime = new Trend('accepted_time', true);
const readyTime = new Trend('ready_time', true); // from the answer to the news

// rate may have a fraction; k6 takes whole numbers in a unit of time.
export const options = {
  scenarios: {
    people: {
      executor: 'constant-arrival-rate',
      rate: Math.round(rate * 10),
      timeUnit: '10s',
      duration: __ENV.DURATION,
      preAllocatedVUs: Number(__ENV.PEOPLE),
      maxVUs: Number(__ENV.MOST_PEOPLE),
      gracefulStop: `${grace}s`,
    },
  },
  thresholds: { errors: ['count==0'] },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
};

function fail(what, answer) {
  errors.add(1);
  console.error(`${what}: ${answer.status} ${answer.error} ${answer.body ? String(answer.body).slice(0, 200) : ''}`);
}

export default function () {
  const n = exec.scenario.iterationInTest;
  const client = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  const headers = { 'X-Forwarded-For': client };
  const answer = http.post(`${base}/v1/photos`,
    { document: 'us-passport', file: http.file(picture, 'portrait.jpg', 'image/jpeg') },
    { headers, timeout: '60s' });
  if ((answer.status === 503 || answer.status === 429) && Number(answer.headers['Retry-After']) > 0) {
    refused.add(1);
    return;
  }
  if (answer.status !== 202) {
    fail('upload', answer);
    return;
  }
  accepted.add(1);
  acceptedTime.add(answer.timings.duration);
  const photo = answer.json();
  headers.Authorization = `Bearer ${photo.key}`;
  if (watch(photo, headers)) {
    erase(photo, headers);
  }
}

// watch follows the events, which end when the photo is settled. A stream that ends
// before is followed by another.
function watch(photo, headers) {
  const began = Date.now();
  while (Date.now() - began < (grace + 600) * 1000) {
    const events = http.get(`${base}/v1/photos/${photo.id}/events`, { headers, timeout: `${grace + 600}s`, tags: { name: 'events' } });
    const last = String(events.body || '').split('\n').filter((l) => l.startsWith('data: ')).pop();
    const status = last ? JSON.parse(last.slice('data: '.length)).status : '';
    if (status === 'ready') {
      ready.add(1);
      readyTime.add(Date.now() - began);
      return true;
    }
    if (events.status !== 200 || status === 'rejected' || status === 'failed') {
      fail('events', events);
      return false;
    }
    sleep(0.5);
  }
  errors.add(1);
  console.error('a photo was not ready in time');
  return false;
}

function erase(photo, headers) {
  const gone = http.del(`${base}/v1/photos/${photo.id}`, null, { headers, tags: { name: 'photo' } });
  if (gone.status !== 204) {
    fail('delete', gone);
    return;
  }
  erased.add(1);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
