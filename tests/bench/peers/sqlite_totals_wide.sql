-- The same of sqlite_wide.sh; .import makes an empty text of an empty field.
WITH metric(name, value) AS (
    SELECT 'cpu_percent', cpu FROM sample
    UNION ALL SELECT 'mem_used_bytes', memory FROM sample
    UNION ALL SELECT 'net_in_bytes_per_s', net_in FROM sample
    UNION ALL SELECT 'net_out_bytes_per_s', net_out FROM sample
    UNION ALL SELECT 'ebs_read_bytes_per_s', read FROM sample
    UNION ALL SELECT 'ebs_write_bytes_per_s', written FROM sample
    UNION ALL SELECT 'ebs_read_ops_per_s', read_ops FROM sample)
SELECT name, count(*), printf('%.17g', sum(value)) FROM metric WHERE value <> '' GROUP BY name;
