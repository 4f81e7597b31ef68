package main

// The promises; deploy/prometheus/slo.rules.yml alerts on the same.
const (
	inTime   = `sum(rate(passportphoto_photo_wait_seconds_bucket{lane="default",outcome=~"ready|rejected",le=~"10|10[.]0"}[$__rate_interval])) / sum(rate(passportphoto_photo_wait_seconds_count{lane="default"}[$__rate_interval]))`
	accepted = `1 - (sum(rate(passportphoto_http_requests_total{route=~"/v1/photos|/photos",method="POST",class="5xx"}[$__rate_interval])) or vector(0)) / sum(rate(passportphoto_http_requests_total{route=~"/v1/photos|/photos",method="POST",class!="4xx"}[$__rate_interval]))`
)

func service() dashboard {
	return dashboard{
		file: "service.json", uid: "passportphoto-service", title: "Passport photos: service",
		about: "What people notice: how fast, how much, what goes wrong, how full. The first row is everything at a glance.",
		rows:  []row{everything(), latency(), traffic(), errors(), saturation(), funnel(), webhooks()},
	}
}

func everything() row {
	return row{"Everything at a glance", []panel{
		{title: "Photos ready within 10 s", about: "Promised: 99 %.", kind: number, unit: "percentunit", queries: []query{{inTime, ""}}, lowIsBad: true, warn: .99, fail: .95},
		{title: "Uploads accepted", about: "Promised: 99.9 %.", kind: number, unit: "percentunit", queries: []query{{accepted, ""}}, lowIsBad: true, warn: .999, fail: .99},
		{title: "Longest wait for a worker", kind: number, unit: "s", queries: []query{{`max(passportphoto_queue_oldest_pending_seconds{queue="default"})`, ""}}, warn: 5, fail: 10},
		{title: "Workers' slots", kind: number, unit: "none", queries: []query{{`max(passportphoto_queue_slots{queue="default"})`, ""}}, lowIsBad: true, warn: 1, fail: 1},
		{title: "Jobs that are late", kind: number, unit: "none", queries: []query{{`count(max by (job_name) (passportphoto_job_silent_seconds) > 2 * max by (job_name) (passportphoto_job_period_seconds)) or vector(0)`, ""}}, warn: 1, fail: 1},
		{title: "Kept too long", about: "Retention classes whose oldest item is older than it may be.", kind: number, unit: "none",
			queries: []query{{`count(max by (class) (passportphoto_oldest_item_age_seconds) > max by (class) (passportphoto_oldest_item_alert_seconds)) or vector(0)`, ""}}, warn: 1, fail: 1},
		{title: "Uploads", kind: number, unit: "reqps", queries: []query{{`sum(rate(passportphoto_upload_bytes_count[$__rate_interval]))`, ""}}},
		{title: "Failed for good", about: "Entries of the queues; /ops/queues shows them.", kind: number, unit: "none", queries: []query{{`sum(max by (queue) (passportphoto_queue_tasks{state="archived"}))`, ""}}, warn: 1, fail: 20},
		{title: "Erasures that wait", kind: number, unit: "s", queries: []query{{`max(passportphoto_erasures_pending_oldest_seconds)`, ""}}, warn: 60, fail: 300},
		{title: "Overdue at the desk", kind: number, unit: "none", queries: []query{{`sum(max by (matter) (passportphoto_open_cases{left="overdue"}))`, ""}}, warn: 1, fail: 1},
		{title: "Letters that failed", kind: number, unit: "none", queries: []query{{`max(passportphoto_letters{state="failed"})`, ""}}, warn: 1, fail: 10},
		{title: "Redis and records", about: "1 if both could be asked.", kind: number, unit: "none", queries: []query{{`min(passportphoto_queue_up) * min(passportphoto_photos_up)`, ""}}, lowIsBad: true, warn: 1, fail: 1},
	}}
}

func latency() row {
	return row{"Latency", []panel{
		{title: "From upload to the end", kind: series, unit: "s", queries: quantiles("passportphoto_photo_wait_seconds", `{lane="default"}`)},
		{title: "Answers to uploads", kind: series, unit: "s", queries: quantiles("passportphoto_http_request_seconds", `{route=~"/v1/photos|/photos",method="POST"}`)},
		{title: "Slowest routes, 99 of 100", kind: series, unit: "s", queries: []query{
			{`topk(8, histogram_quantile(0.99, sum by (route, le) (rate(passportphoto_http_request_seconds_bucket{route!~".*/events"}[$__rate_interval]))))`, "{{route}}"}}},
	}}
}

// quantiles are the middle and the slow end of a histogram.
func quantiles(name, selector string) (all []query) {
	for _, q := range [][2]string{{"0.5", "half"}, {"0.95", "95 of 100"}, {"0.99", "99 of 100"}} {
		all = append(all, query{`histogram_quantile(` + q[0] + `, sum by (le) (rate(` + name + `_bucket` + selector + `[$__rate_interval])))`, q[1]})
	}
	return all
}

func traffic() row {
	return row{"Traffic", []panel{
		{title: "Requests by class", kind: series, unit: "reqps", queries: []query{{`sum by (class) (rate(passportphoto_http_requests_total[$__rate_interval]))`, "{{class}}"}}},
		{title: "Bytes of accepted pictures", kind: series, unit: "Bps", queries: []query{{`sum(rate(passportphoto_upload_bytes_sum[$__rate_interval]))`, "bytes"}}},
		{title: "Previews by how they ended", kind: series, unit: "reqps", queries: []query{{`sum by (outcome) (rate(passportphoto_preview_seconds_count[$__rate_interval]))`, "{{outcome}}"}}},
	}}
}

func errors() row {
	return row{"Errors", []panel{
		{title: "Share of answers that are ours to blame", kind: series, unit: "percentunit", queries: []query{
			{`(sum(rate(passportphoto_http_requests_total{class="5xx"}[$__rate_interval])) or vector(0)) / sum(rate(passportphoto_http_requests_total[$__rate_interval]))`, "5xx"}}},
		{title: "Refused uploads", kind: series, unit: "reqps", queries: []query{{`sum by (code) (rate(passportphoto_uploads_refused_total[$__rate_interval]))`, "{{code}}"}}},
		{title: "Turns that broke", about: "failed, broken and struck are our own faults.", kind: series, unit: "ops", queries: []query{
			{`sum by (outcome) (rate(passportphoto_photo_outcomes_total{outcome=~"failed|broken|struck|lost"}[$__rate_interval]))`, "{{outcome}}"}}},
	}}
}

func saturation() row {
	return row{"Saturation", []panel{
		{title: "Slots in use", kind: series, unit: "none", queries: []query{{`sum(passportphoto_photos_in_flight)`, "photos held"}, {`max(passportphoto_queue_slots{queue="default"})`, "slots"}}},
		{title: "Waiting for a connection", about: "Seconds waited per second, by pool.", kind: series, unit: "s", queries: []query{{`sum by (pool) (rate(passportphoto_pool_wait_seconds_total[$__rate_interval]))`, "{{pool}}"}}},
		{title: "Memory", kind: series, unit: "bytes", queries: []query{{`process_resident_memory_bytes * on (instance) group_left (process) passportphoto_build_info`, "{{process}} {{instance}}"}}},
	}}
}

func funnel() row {
	return row{"The way of photos", []panel{
		{title: "Uploads and how they end", kind: series, unit: "ops", queries: []query{
			{`sum(rate(passportphoto_upload_bytes_count[$__rate_interval]))`, "accepted"},
			{`sum by (outcome) (rate(passportphoto_photo_wait_seconds_count{lane="default"}[$__rate_interval]))`, "{{outcome}}"}}},
		{title: "Photos by state", kind: series, unit: "none", queries: []query{{`max by (status) (passportphoto_photos)`, "{{status}}"}}},
		{title: "Why photos are rejected", kind: series, unit: "ops", queries: []query{{`sum by (reason) (rate(passportphoto_photo_outcomes_total{outcome="rejected"}[$__rate_interval]))`, "{{reason}}"}}},
	}}
}

func webhooks() row {
	return row{"Webhooks of API clients", []panel{
		{title: "Tries by what came of them", kind: series, unit: "ops", queries: []query{{`sum by (result) (rate(passportphoto_webhook_tries_total[$__rate_interval]))`, "{{result}}"}}},
		{title: "Time that their servers take", kind: series, unit: "s", queries: quantiles("passportphoto_webhook_seconds", ``)},
		{title: "Notices by state", kind: series, unit: "none", queries: []query{{`max by (state) (passportphoto_webhook_notices)`, "{{state}}"}}},
		{title: "A notice that nobody has tried is late by", kind: series, unit: "s", queries: []query{{`max(passportphoto_webhook_notices_late_seconds)`, "late"}}},
		{title: "Endpoints", kind: series, unit: "none", queries: []query{{`max by (state) (passportphoto_webhook_endpoints)`, "{{state}}"}}},
	}}
}
