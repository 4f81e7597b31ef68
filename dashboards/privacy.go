package main

func privacy() dashboard {
	return dashboard{
		file: "privacy.json", uid: "passportphoto-privacy", title: "Passport photos: privacy",
		about: "Whether the promises of the privacy policy are kept: nothing too long, everybody answered in time, nothing lost.",
		rows:  []row{retention(), erasures(), desk(), letters()},
	}
}

func retention() row {
	return row{"What is kept", []panel{
		{title: "Age of the oldest, as a share of what alerts", kind: series, unit: "percentunit", queries: []query{{`max by (class) (passportphoto_oldest_item_age_seconds) / max by (class) (passportphoto_oldest_item_alert_seconds)`, "{{class}}"}}},
		{title: "Deleted because their time was over", kind: series, unit: "ops", queries: []query{{`sum by (class) (rate(passportphoto_purged_total[$__rate_interval]))`, "{{class}}"}}},
		{title: "Orphans found", kind: series, unit: "none", queries: []query{{`sum by (kind) (increase(passportphoto_orphans_total[$__rate_interval]))`, "{{kind}}"}}},
		{title: "Clock", about: "Ahead of the records' database.", kind: series, unit: "s", queries: []query{{`passportphoto_clock_ahead_seconds`, "{{instance}}"}}},
		{title: "Clock doubted", about: "1 while nothing expires because of it.", kind: series, unit: "none", queries: []query{{`passportphoto_clock_doubted`, "{{instance}}"}}},
		{title: "The bucket's settings", about: "1 for each that endangers a promise; nothing for pictures on disk.", kind: series, unit: "none", queries: []query{{`max by (concern) (passportphoto_bucket_concerns)`, "{{concern}}"}}},
		{title: "Keys that could not be made or opened", kind: series, unit: "ops", queries: []query{{`sum by (cause) (rate(passportphoto_key_errors_total[$__rate_interval]))`, "{{cause}}"}}},
	}}
}

func erasures() row {
	return row{"Erasure and records of use", []panel{
		{title: "Erasures", kind: series, unit: "ops", queries: []query{{`sum by (reason, result) (rate(passportphoto_erasures_total[$__rate_interval]))`, "{{reason}} {{result}}"}}},
		{title: "Erasures that are not finished", kind: series, unit: "none", queries: []query{{`max(passportphoto_erasures_pending)`, "erasures"}}},
		{title: "Longest wait of an erasure", kind: series, unit: "s", queries: []query{{`max(passportphoto_erasures_pending_oldest_seconds)`, "wait"}}},
		{title: "Restricted photos", kind: series, unit: "none", queries: []query{{`max by (ground) (passportphoto_restricted_photos)`, "{{ground}}"}, {`max(passportphoto_restriction_reviews_overdue)`, "reviews overdue"}}},
		{title: "Access log", kind: series, unit: "ops", queries: []query{{`sum(rate(passportphoto_access_log_lines_total[$__rate_interval]))`, "lines"}, {`sum(rate(passportphoto_access_log_lost_total[$__rate_interval]))`, "lost"}}},
		{title: "Usage statistics", kind: series, unit: "ops", queries: []query{{`sum by (result) (rate(passportphoto_statistics_noted_total[$__rate_interval]))`, "{{result}}"}}},
	}}
}

func desk() row {
	return row{"Who waits for an officer", []panel{
		{title: "Open cases by what is left", kind: series, unit: "none", queries: []query{{`sum by (left) (max by (left, matter) (passportphoto_open_cases))`, "{{left}}"}}},
		{title: "Overdue by matter", kind: series, unit: "none", queries: []query{{`max by (matter) (passportphoto_open_cases{left="overdue"})`, "{{matter}}"}}},
		{title: "Reports about children", kind: series, unit: "none", queries: []query{{`max(passportphoto_child_reports_open)`, "open"}, {`max(passportphoto_child_reports_overdue)`, "overdue"}}},
		{title: "Complaints by state", kind: series, unit: "none", queries: []query{{`max by (state) (passportphoto_complaints)`, "{{state}}"}}},
		{title: "Breaches: time left", kind: series, unit: "s", queries: []query{{`min by (state) (passportphoto_breach_left_seconds)`, "{{state}}"}}},
		{title: "Breaches", kind: series, unit: "none", queries: []query{{`max by (state) (passportphoto_breaches)`, "{{state}}"}}},
		{title: "Reminders", about: "Cases that an officer was reminded of.", kind: series, unit: "none", queries: []query{{`sum by (matter) (increase(passportphoto_reminders_total[$__rate_interval]))`, "{{matter}}"}}},
		{title: "Since the last reminder", kind: series, unit: "s", queries: []query{{`time() - max(passportphoto_reminders_last_timestamp_seconds)`, "time"}}},
	}}
}

func letters() row {
	return row{"Letters and answers", []panel{
		{title: "Letters by state", kind: series, unit: "none", queries: []query{{`max by (state) (passportphoto_letters)`, "{{state}}"}}},
		{title: "Longest wait of a letter", kind: series, unit: "s", queries: []query{{`max(passportphoto_letters_oldest_waiting_seconds)`, "wait"}}},
		{title: "Tries at sending", kind: series, unit: "ops", queries: []query{{`sum by (result) (rate(passportphoto_letters_sent_total[$__rate_interval]))`, "{{result}}"}}},
		{title: "Archives", kind: series, unit: "ops", queries: []query{{`sum by (result) (rate(passportphoto_archives_total[$__rate_interval]))`, "{{result}}"}}},
		{title: "Requests that wait for their archive", kind: series, unit: "none", queries: []query{{`max(passportphoto_archives_waiting)`, "requests"}}},
		{title: "Longest wait for an archive", kind: series, unit: "s", queries: []query{{`max(passportphoto_archives_oldest_waiting_seconds)`, "wait"}}},
	}}
}
