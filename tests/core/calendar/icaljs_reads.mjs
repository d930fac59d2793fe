// Reads feeds with ical.js for the tests: node icaljs_reads.mjs JOB.json, where the job names the module and the files.
// Prints what is in each feed, and which local times of zones do not mean the instants they should. The other way round
// is not asked: ical.js 2.2.1 takes an instant for local time there and is wrong for hours after any change.
import { readFileSync } from "node:fs";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ICAL = (await import(job.module)).default;

const when = (time) => (time.isDate ? time.toString() : time.toUnixTime());

function entries(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      start: when(event.startDate),
      end: when(event.endDate),
      description: event.description ?? "",
      sequence: event.sequence ?? 0,
      status: component.getFirstPropertyValue("status"),
    };
  });
}

function wrongs(tzid, block, checks) {
  const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(block)));
  const found = [];
  for (const [local, instant] of checks) {
    const time = ICAL.Time.fromDateTimeString(local);
    time.zone = zone;
    if (time.toUnixTime() !== instant) found.push(`${tzid} ${local} is ${instant}, not ${time.toUnixTime()}`);
  }
  return found;
}

const feeds = Object.fromEntries(job.feeds.map((path) => [path, entries(readFileSync(path, "utf8"))]));
const zones = job.zones.flatMap(({ tzid, block, checks }) => wrongs(tzid, block, checks));
console.log(JSON.stringify({ feeds, zones }));
