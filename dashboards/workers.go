package main

func workers() dashboard {
	return dashboard{
		file: "workers.json", uid: "passportphoto-workers", title: "Passport photos: workers and queues",
		about: "Who works on what, how long things wait, and what the jobs of the timetable do.",
		rows:  []row{queues(), photoWork(), studios(), timetable()},
	}
}

func queues() row {
	return row{"Queues", []panel{
		{title: "Waiting", kind: series, unit: "none", queries: []query{{`max by (queue) (passportphoto_queue_tasks{state="pending"})`, "{{queue}}"}}},
		{title: "Longest wait", kind: series, unit: "s", queries: []query{{`max by (queue) (passportphoto_queue_oldest_pending_seconds)`, "{{queue}}"}}},
		{title: "Expected wait", about: "Of a photo that comes now, as the API goes by it.", kind: series, unit: "s", queries: []query{{`max by (lane) (passportphoto_expected_wait_seconds)`, "{{lane}}"}}},
		{title: "To be tried again, and failed for good", kind: series, unit: "none", queries: []query{{`max by (queue, state) (passportphoto_queue_tasks{state=~"retry|archived"})`, "{{queue}} {{state}}"}}},
		{title: "Running", kind: series, unit: "none", queries: []query{{`max by (queue) (passportphoto_queue_tasks{state="active"})`, "{{queue}}"}}},
		{title: "Processes that serve", kind: series, unit: "none", queries: []query{{`max by (queue) (passportphoto_queue_processes)`, "{{queue}}"}}},
		{title: "Tries, and those that failed", about: "A try that failed is followed by another, or by the archive.", kind: series, unit: "ops", queries: []query{
			{`max by (queue) (rate(passportphoto_queue_tries_total[$__rate_interval]))`, "{{queue}}"}, {`max by (queue) (rate(passportphoto_queue_failures_total[$__rate_interval]))`, "{{queue}}, failed"}}},
		{title: "Slots", kind: series, unit: "none", queries: []query{{`max by (queue) (passportphoto_queue_slots)`, "{{queue}}"}}},
	}}
}

func photoWork() row {
	return row{"Photos", []panel{
		{title: "Turns by how they ended", kind: series, unit: "ops", queries: []query{{`sum by (outcome) (rate(passportphoto_photo_outcomes_total[$__rate_interval]))`, "{{outcome}}"}}},
		{title: "A worker's time for a photo", kind: series, unit: "s", queries: quantiles("passportphoto_photo_seconds", ``)},
		{title: "Steps, 95 of 100", kind: series, unit: "s", queries: []query{{`histogram_quantile(0.95, sum by (step, le) (rate(passportphoto_step_seconds_bucket[$__rate_interval])))`, "{{step}}"}}},
		{title: "Where the time goes", about: "Seconds of work a second, by step: 1 is one slot that does nothing else.", kind: series, unit: "none", queries: []query{{`sum by (step) (rate(passportphoto_step_seconds_sum[$__rate_interval]))`, "{{step}}"}}},
		{title: "Held by each worker", kind: series, unit: "none", queries: []query{{`sum by (instance) (passportphoto_photos_in_flight)`, "{{instance}}"}}},
		{title: "Previews", kind: series, unit: "s", queries: quantiles("passportphoto_preview_seconds", `{outcome="checked"}`)},
	}}
}

func studios() row {
	return row{"Child processes", []panel{
		{title: "Running", kind: series, unit: "none", queries: []query{{`sum by (instance) (passportphoto_studios)`, "{{instance}}"}}},
		{title: "Started, and ended by cause", kind: series, unit: "ops", queries: []query{
			{`sum(rate(passportphoto_studio_starts_total[$__rate_interval]))`, "started"}, {`sum by (cause) (rate(passportphoto_studio_ends_total[$__rate_interval]))`, "{{cause}}"}}},
		{title: "Most memory that one has had", kind: series, unit: "bytes", queries: []query{{`max by (instance) (passportphoto_studio_peak_bytes)`, "{{instance}}"}}},
		{title: "Memory that they have now", kind: series, unit: "bytes", queries: []query{{`sum by (instance) (passportphoto_studio_resident_bytes)`, "{{instance}}"}}},
		{title: "Pixels in libvips", about: "What it still holds after a picture should be next to nothing.", kind: series, unit: "bytes", queries: []query{
			{`sum by (instance) (passportphoto_vips_held_bytes)`, "{{instance}}, held"}, {`max by (instance) (passportphoto_vips_peak_bytes)`, "{{instance}}, at most"}}},
		{title: "Loading the models", kind: series, unit: "s", queries: quantiles("passportphoto_model_load_seconds", ``)},
		{title: "Models that could not be loaded", kind: series, unit: "none", queries: []query{{`sum by (instance) (increase(passportphoto_model_loads_total{result="failed"}[$__rate_interval]))`, "{{instance}}"}}},
	}}
}

func timetable() row {
	return row{"Timetable", []panel{
		{title: "Silence, in periods", about: "2 and more alerts.", kind: series, unit: "none", queries: []query{{`max by (job_name) (passportphoto_job_silent_seconds) / max by (job_name) (passportphoto_job_period_seconds)`, "{{job_name}}"}}},
		{title: "Runs that failed", kind: series, unit: "none", queries: []query{{`sum by (job_name) (increase(passportphoto_job_runs_total{result="failed"}[$__rate_interval]))`, "{{job_name}}"}}},
		{title: "Time of runs", kind: series, unit: "s", queries: []query{{`sum by (job_name) (rate(passportphoto_job_seconds_sum[$__rate_interval])) / sum by (job_name) (rate(passportphoto_job_seconds_count[$__rate_interval]))`, "{{job_name}}"}}},
		{title: "How late they begin, 95 of 100", kind: series, unit: "s", queries: []query{{`histogram_quantile(0.95, sum by (job_name, le) (rate(passportphoto_job_late_seconds_bucket[$__rate_interval])))`, "{{job_name}}"}}},
		{title: "Last success", kind: series, unit: "s", queries: []query{{`time() - max by (job_name) (passportphoto_job_last_success_timestamp_seconds)`, "{{job_name}}"}}},
		{title: "Connections in use", kind: series, unit: "none", queries: []query{{`sum by (pool) (passportphoto_pool_connections{state="in_use"})`, "{{pool}}"}, {`sum by (pool) (passportphoto_pool_connections_limit)`, "{{pool}}, at most"}}},
		{title: "Waits for a connection", kind: series, unit: "ops", queries: []query{{`sum by (pool) (rate(passportphoto_pool_waits_total[$__rate_interval]))`, "{{pool}}"}}},
	}}
}
