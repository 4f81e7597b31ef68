package metrics

// The names of all figures, with their units. Dashboards, alerts and playbooks
// use them: a change here is a change there. No label is called job or instance: those
// Prometheus gives itself, to what it scrapes, and takes ours away.
const (
	buildInfo = "passportphoto_build_info"

	httpRequests     = "passportphoto_http_requests_total"
	httpSeconds      = "passportphoto_http_request_seconds"
	uploadBytes      = "passportphoto_upload_bytes"
	uploadsRefused   = "passportphoto_uploads_refused_total"
	previewSeconds   = "passportphoto_preview_seconds"
	erasures         = "passportphoto_erasures_total"
	orphans          = "passportphoto_orphans_total"
	restricted       = "passportphoto_restricted_photos"
	reviewsOverdue   = "passportphoto_restriction_reviews_overdue"
	childReports     = "passportphoto_child_reports_open"
	childOverdue     = "passportphoto_child_reports_overdue"
	clockDoubted     = "passportphoto_clock_doubted"
	clockAhead       = "passportphoto_clock_ahead_seconds"
	bucketConcerns   = "passportphoto_bucket_concerns"
	photoOutcomes    = "passportphoto_photo_outcomes_total"
	photoSeconds     = "passportphoto_photo_seconds"
	photoWaitSeconds = "passportphoto_photo_wait_seconds"
	stepSeconds      = "passportphoto_step_seconds"
	photosInFlight   = "passportphoto_photos_in_flight"
	studios          = "passportphoto_studios"
	studioStarts     = "passportphoto_studio_starts_total"
	studioEnds       = "passportphoto_studio_ends_total"
	studioPeakBytes  = "passportphoto_studio_peak_bytes"

	queueTasks         = "passportphoto_queue_tasks"
	queueOldestSeconds = "passportphoto_queue_oldest_pending_seconds"
	queueProcesses     = "passportphoto_queue_processes"
	queueSlots         = "passportphoto_queue_slots"
	queueUp            = "passportphoto_queue_up"
	waitExpected       = "passportphoto_expected_wait_seconds"
	photos             = "passportphoto_photos"
	photosUp           = "passportphoto_photos_up"

	accessLines     = "passportphoto_access_log_lines_total"
	accessLost      = "passportphoto_access_log_lost_total"
	statisticsNoted = "passportphoto_statistics_noted_total"
	oldestSeconds   = "passportphoto_oldest_item_age_seconds"
	alertSeconds    = "passportphoto_oldest_item_alert_seconds"

	jobRuns        = "passportphoto_job_runs_total"
	jobSeconds     = "passportphoto_job_seconds"
	jobLastSuccess = "passportphoto_job_last_success_timestamp_seconds"
	jobSilent      = "passportphoto_job_silent_seconds"
	jobPeriod      = "passportphoto_job_period_seconds"
	letters        = "passportphoto_letters"
	lettersOldest  = "passportphoto_letters_oldest_waiting_seconds"
	lettersSent    = "passportphoto_letters_sent_total"
	breaches       = "passportphoto_breaches"
	breachesLeft   = "passportphoto_breach_left_seconds"
	openCases      = "passportphoto_open_cases"
	reminders      = "passportphoto_reminders_total"
	remindersLast  = "passportphoto_reminders_last_timestamp_seconds"
	complaints     = "passportphoto_complaints"
	purgedItems    = "passportphoto_purged_total"
	keyErrors      = "passportphoto_key_errors_total"
	erasuresOpen   = "passportphoto_erasures_pending"
	erasuresOldest = "passportphoto_erasures_pending_oldest_seconds"
)

// Memory of the child processes, and how they load their models.
const (
	studioBytes      = "passportphoto_studio_resident_bytes"
	vipsBytes        = "passportphoto_vips_held_bytes"
	vipsPeakBytes    = "passportphoto_vips_peak_bytes"
	modelLoads       = "passportphoto_model_loads_total"
	modelLoadSeconds = "passportphoto_model_load_seconds"
)

// What queues and jobs have done.
const (
	queueTries    = "passportphoto_queue_tries_total"
	queueFailures = "passportphoto_queue_failures_total"
	jobLate       = "passportphoto_job_late_seconds"
)

// Archives by which requests for access and portability are answered.
const (
	archivesBuilt   = "passportphoto_archives_total"
	archivesWaiting = "passportphoto_archives_waiting"
	archivesOldest  = "passportphoto_archives_oldest_waiting_seconds"
)

// Pools of connections to databases and to Redis.
const (
	poolConnections = "passportphoto_pool_connections"
	poolLimit       = "passportphoto_pool_connections_limit"
	poolWaits       = "passportphoto_pool_waits_total"
	poolWaitSeconds = "passportphoto_pool_wait_seconds_total"
)

// What API clients are told.
const (
	webhookNotices   = "passportphoto_webhook_notices"
	webhooksLate     = "passportphoto_webhook_notices_late_seconds"
	webhookEndpoints = "passportphoto_webhook_endpoints"
	webhookTries     = "passportphoto_webhook_tries_total"
	webhookSeconds   = "passportphoto_webhook_seconds"
)
