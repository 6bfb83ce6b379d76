using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;

/// <summary>
/// What the C# client sends: indented JSON with every member, null where unset, and the escapes of
/// System.Text.Json (\u0022 for a quote, \u002B for a plus).
/// </summary>
static class Client
{
    public static string Dtm;

    /// <summary>All members of the client's base class; those given replace the unset ones.</summary>
    public static Dictionary<string, object> Transaction(string gid, string type)
    {
        return new Dictionary<string, object>
        {
            { "gid", gid }, { "trans_type", type }, { "custom_data", null }, { "wait_result", false }, { "timeout_to_fail", 0 },
            { "request_timeout", 0 }, { "retry_interval", 0 }, { "branch_headers", null }, { "retry_limit", 0 }, { "retry_count", 0 },
            { "steps", null }, { "payloads", null }, { "query_prepared", null }, { "protocol", null }, { "rollback_reason", null },
        };
    }

    public static void Call(string operation, object body)
    {
        Checked(Send("POST", Dtm + "/" + operation, Json(body, 0)));
    }

    public static void RegisterBranch(string gid, string type, Dictionary<string, string> added)
    {
        var body = new Dictionary<string, object> { { "gid", gid }, { "trans_type", type } };
        foreach (var member in added) body[member.Key] = member.Value;
        Call("registerBranch", body);
    }

    public static Reply Branch(string method, string gid, string type, string branch, string op, string url, object body)
    {
        var query = "dtm=" + Dtm + "&gid=" + gid + "&trans_type=" + type + "&branch_id=" + branch + "&op=" + op;
        if (type == "xa") query += "&phase2_url=" + url;
        return Send(method, url + (url.Contains("?") ? "&" : "?") + query, body == null ? null : Json(body, 0));
    }

    public static string NewGid()
    {
        var gid = Parse(Checked(Send("GET", Dtm + "/newGid", null))).Element("gid").Value;
        if (gid == "") throw new Refused("no gid");
        return gid;
    }

    public sealed class Reply
    {
        public int Status;
        public string Text;
    }

    public sealed class Refused : Exception
    {
        public Refused(string message) : base(message) { }
    }

    /// <summary>Success is 200 without the word of failure anywhere in the text.</summary>
    public static string Checked(Reply reply)
    {
        if (reply.Status != 200 || reply.Text.Contains("FAILURE")) throw new Refused(reply.Status + " " + reply.Text);
        return reply.Text;
    }

    public static Reply Send(string method, string url, string body)
    {
        var request = (HttpWebRequest)WebRequest.Create(url);
        request.Method = method;
        request.Timeout = 20000;
        request.ServicePoint.ConnectionLimit = 100;
        if (body != null)
        {
            request.ContentType = "application/json";
            var bytes = Encoding.UTF8.GetBytes(body);
            using (var stream = request.GetRequestStream()) stream.Write(bytes, 0, bytes.Length);
        }
        HttpWebResponse response;
        try
        {
            response = (HttpWebResponse)request.GetResponse();
        }
        catch (WebException e) when (e.Response != null)
        {
            response = (HttpWebResponse)e.Response;
        }
        using (response)
        using (var reader = new StreamReader(response.GetResponseStream()))
        {
            return new Reply { Status = (int)response.StatusCode, Text = reader.ReadToEnd() };
        }
    }

    public static XElement Parse(string json)
    {
        return XElement.Load(JsonReaderWriterFactory.CreateJsonReader(Encoding.UTF8.GetBytes(json), XmlDictionaryReaderQuotas.Max));
    }

    /// <summary>Indented when depth is not negative.</summary>
    public static string Json(object value, int depth)
    {
        var inner = depth < 0 ? depth : depth + 1;
        var open = depth < 0 ? "" : "\n" + new string(' ', 2 * inner);
        var close = depth < 0 ? "" : "\n" + new string(' ', 2 * depth);
        var colon = depth < 0 ? ":" : ": ";
        if (value == null) return "null";
        if (value is string) return Quoted((string)value);
        if (value is bool) return (bool)value ? "true" : "false";
        if (value is int) return value.ToString();
        var map = value as Dictionary<string, object>;
        if (map != null) return "{" + string.Join(",", map.Select(m => open + Quoted(m.Key) + colon + Json(m.Value, inner))) + close + "}";
        var list = ((System.Collections.IEnumerable)value).Cast<object>().ToList();
        return list.Count == 0 ? "[]" : "[" + string.Join(",", list.Select(v => open + Json(v, inner))) + close + "]";
    }

    static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c == '\\') quoted.Append("\\\\");
            else if (c == '\n') quoted.Append("\\n");
            else if (c < ' ' || c > '~' || "\"&'+<>`".IndexOf(c) >= 0) quoted.Append("\\u" + ((int)c).ToString("X4"));
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
