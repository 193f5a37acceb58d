-- Which node is at work on a job: killed and started again, it takes up its own work at once.
ALTER TABLE job ADD COLUMN holder TEXT COLLATE "C";
CREATE INDEX job_holder ON job (holder) WHERE state = 'running';
