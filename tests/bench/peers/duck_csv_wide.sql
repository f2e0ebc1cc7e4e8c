-- A CSV of one column a metric into such a table.
-- timed
CREATE TABLE sample AS SELECT * FROM read_csv('${files}', header = true, columns = {
    timestamp: 'TIMESTAMP', instance: 'VARCHAR', cpu_percent: 'DOUBLE', mem_used_bytes: 'DOUBLE',
    net_in: 'DOUBLE', net_out: 'DOUBLE', ebs_read: 'DOUBLE', ebs_write: 'DOUBLE',
    ebs_read_ops: 'DOUBLE'});
-- end
COPY (SELECT 'cpu_percent', count(cpu_percent), sum(cpu_percent) FROM sample
      UNION ALL SELECT 'mem_used_bytes', count(mem_used_bytes), sum(mem_used_bytes) FROM sample
      UNION ALL SELECT 'net_in_bytes_per_s', count(net_in), sum(net_in) FROM sample
      UNION ALL SELECT 'net_out_bytes_per_s', count(net_out), sum(net_out) FROM sample
      UNION ALL SELECT 'ebs_read_bytes_per_s', count(ebs_read), sum(ebs_read) FROM sample
      UNION ALL SELECT 'ebs_write_bytes_per_s', count(ebs_write), sum(ebs_write) FROM sample
      UNION ALL SELECT 'ebs_read_ops_per_s', count(ebs_read_ops), sum(ebs_read_ops) FROM sample
) TO '${answer}' (HEADER false);
